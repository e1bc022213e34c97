/** All measurements and pictures of this example, in their order. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadMnist } from "@gradus/data/node";
import { asText } from "../../shared/table.ts";
import { figureOf } from "./curves.ts";
import { activations } from "./functions.ts";
import { histogramsFigure } from "./histogram-figure.ts";
import { accuracyTable, type Contest, compareHistograms, momentsTable, zerosTable } from "./histograms.ts";
import { type DeepMoments, deepMoments, deepTable } from "./moments.ts";
import { learnSlopes, type PReluResult, slopesFigure, slopesTable } from "./prelu.ts";
import { gradientTable, measure, type Properties, propertiesTable } from "./properties.ts";
import { type Comparison, comparePublished, publishedTable } from "./published.ts";
import { type SlopeRule, slopeRules, slopeRulesTable } from "./random-slopes.ts";
import { compareRounded, type Rounded, roundedTable } from "./rounded.ts";
import { type Images, standardized } from "./training.ts";

/** All measurements. */
export interface Results {
  readonly published: readonly Comparison[];
  readonly rounded: Rounded;
  readonly properties: readonly Properties[];
  readonly deep: readonly DeepMoments[];
  readonly slopeRules: readonly SlopeRule[];
  readonly prelu: PReluResult;
  readonly histograms: readonly Contest[];
}

export interface Work {
  /** The number of images to train on and to test on. Default: all. */
  readonly limit?: { readonly train: number; readonly test: number };
  readonly epochs: number;
  /** The step of the histograms early in training. */
  readonly early: number;
  /** The folder for the figures; it must exist. */
  readonly figures: string;
  readonly signal?: AbortSignal;
}

export async function run({ limit, epochs, early, figures, signal }: Work): Promise<Results> {
  const save = async (id: string, svg: Promise<string>): Promise<void> =>
    writeFileSync(join(figures, `activations-${id}.svg`), await svg);

  const published = comparePublished();
  const rounded = compareRounded();
  console.log(`${asText(publishedTable(published))}\n\n${asText(roundedTable(rounded))}\n`);

  const properties = activations.map(measure);
  console.log(`${asText(propertiesTable(properties))}\n\n${asText(gradientTable(properties))}\n`);
  const deep = deepMoments();
  const rules = slopeRules();
  console.log(`${asText(deepTable(deep))}\n\n${asText(slopeRulesTable(rules))}\n`);
  for (const activation of activations) await save(activation.id, figureOf(activation));

  const images = await loadImages(limit);
  const prelu = await learnSlopes(images, { epochs, signal });
  console.log(`${asText(slopesTable(prelu))}\n`);
  await save("prelu-slopes", slopesFigure(prelu));

  const histograms = await compareHistograms(images, { epochs, early, signal });
  console.log(`${asText(momentsTable(histograms))}\n\n${asText(zerosTable(histograms))}\n`);
  console.log(`${asText(accuracyTable(histograms))}\n`);
  for (const [i, moment] of ["start", "early", "late"].entries()) {
    await save(`histograms-${moment}`, histogramsFigure(histograms, i));
  }
  console.log(`Figures are in ${figures}.`);
  return { published, rounded, properties, deep, slopeRules: rules, prelu, histograms };
}

async function loadImages(limit?: Work["limit"]): Promise<Images> {
  const { train, test } = await loadMnist();
  return standardized(
    limit ? { train: train.take(limit.train), test: test.take(limit.test) } : { train, test },
  );
}
