/** The pictures of docs/linear-regions.md. */
import { createRng } from "@gradus/core";
import { Sequential } from "@gradus/nn";
import { toSvg } from "../../shared/chart.ts";
import { foldingNet, waveNet } from "./constructions.ts";
import { LEARNING_BOX, type Lesson } from "./learning.ts";
import type { Results } from "./measure.ts";
import { drawCells, drawCurve, type Panel, smallMultiples } from "./picture.ts";
import { randomNet } from "./random-nets.ts";
import { regionsOnLine, regionsOnPlane } from "./regions.ts";
import { square, UNIT_LINE } from "./slice.ts";

/** All figures: name of the file and SVG text. */
export async function figures(results: Results, lessons: readonly Lesson[]): Promise<Record<string, string>> {
  return {
    "linear-regions-folding.svg": folding(),
    "linear-regions-wave.svg": wave(),
    "linear-regions-depth.svg": depth(),
    "linear-regions-training.svg": training(lessons),
    "linear-regions-counts.svg": await counts(results),
  };
}

/** A flag: a shape whose mirror images are all different. */
const FLAG = [
  [0.3, 0.2],
  [0.38, 0.2],
  [0.38, 0.5],
  [0.75, 0.65],
  [0.38, 0.8],
  [0.3, 0.8],
];

function folding(): string {
  const panels = [1, 2, 3, 4].map((layers): Panel => {
    const regions = regionsOnPlane(foldingNet(layers), square(1));
    return {
      heading: layers === 1 ? "1 layer, 4 units" : `${layers} layers, ${4 * layers} units`,
      caption: `${regions.linearRegions} regions`,
      draw: (size) => drawCells(regions, square(1), size, { shape: FLAG }),
    };
  });
  return smallMultiples(
    "A square folded by one to four layers: 4, 16, 64 and 256 regions, each a mirror image of its neighbours",
    panels,
  );
}

function wave(): string {
  const panels = [1, 2, 3].map((layers): Panel => {
    const regions = regionsOnLine(waveNet(3, layers), UNIT_LINE);
    return {
      heading: layers === 1 ? "1 layer, 3 units" : `${layers} layers, ${3 * layers} units`,
      caption: `${regions.linearRegions} pieces`,
      draw: (size) => drawCurve(regions, size),
    };
  });
  return smallMultiples("A triangle wave put into itself: 3, 9 and 27 straight pieces on [0, 1]", panels);
}

/** One random net: its first layer, its first two layers, and so on. */
function depth(): string {
  const net = randomNet([8, 8, 8, 8], createRng("picture"));
  const plane = square(1.5);
  const panels = [1, 2, 3, 4].map((layers): Panel => {
    const regions = regionsOnPlane(new Sequential(...net.layers.slice(0, 2 * layers)), plane);
    return {
      heading: layers === 1 ? "after 1 layer, 8 units" : `after ${layers} layers, ${8 * layers} units`,
      caption: `${regions.activationRegions} regions`,
      draw: (size) => drawCells(regions, plane, size),
    };
  });
  return smallMultiples("The regions of a random net of 8 ReLUs a layer after one to four layers", panels);
}

/** The best net of each kind for two folds, and the target. */
function training(lessons: readonly Lesson[]): string {
  const panels = lessons
    .filter(({ times }) => times === 2)
    .flatMap(({ widths, runs: [best] }): Panel[] => {
      const panel = (when: string, regions: typeof best.after, caption: string): Panel => ({
        heading: `${["2", ...widths, "2"].join("-")} ${when} training`,
        caption: `${regions.activationRegions} regions${caption}`,
        draw: (size) => drawCells(regions, LEARNING_BOX, size, { tolerance: 0.01 }),
      });
      return [
        panel("before", best.before, ""),
        panel("after", best.after, `, loss ${best.loss.toExponential(1)}`),
      ];
    });
  return smallMultiples(
    "The regions of a shallow and a deep net before and after they learned to fold the square twice",
    panels,
  );
}

/** Counts of nets with 8 units per layer, by depth. */
function counts({ depth: rows, lowerBound }: Results): Promise<string> {
  const UPPER = "at most (Serra's bound)";
  const BUILT = "built to reach Montúfar's bound";
  const RANDOM = `weights drawn at random: mean; bar: least to most of ${rows[0].nets} nets`;
  const values = [
    ...rows.map(({ widths, serraUpper }) => ({ layers: widths.length, regions: serraUpper, net: UPPER })),
    ...lowerBound.map(({ layers, counted }) => ({ layers, regions: counted, net: BUILT })),
    ...rows.map(({ widths, mean }) => ({ layers: widths.length, regions: mean, net: RANDOM })),
  ];
  const spread = rows.map(({ widths, least, most }) => ({ layers: widths.length, least, most, net: RANDOM }));
  const legend = { title: null, labelLimit: 0, orient: "bottom", columns: 1, symbolOpacity: 1 } as const;
  const kind = {
    field: "net",
    type: "nominal",
    sort: [UPPER, BUILT, RANDOM],
    scale: { domain: [UPPER, BUILT, RANDOM] },
    legend,
  } as const;
  const layers = {
    field: "layers",
    type: "ordinal",
    title: "layers of 8 units",
    axis: { labelAngle: 0 },
  } as const;
  const powers = Array.from({ length: 9 }, (_, i) => 10 ** i);
  return toSvg(
    {
      width: 480,
      height: 300,
      layer: [
        {
          data: { values: spread },
          mark: { type: "rule", strokeWidth: 7, opacity: 0.35 },
          encoding: {
            x: layers,
            y: { field: "least", type: "quantitative" },
            y2: { field: "most" },
            color: kind,
          },
        },
        {
          data: { values },
          mark: { type: "line", point: { size: 70, filled: true } },
          encoding: {
            x: layers,
            y: {
              field: "regions",
              type: "quantitative",
              title: "regions",
              scale: { type: "log" },
              axis: { values: powers },
            },
            color: kind,
            shape: kind,
          },
        },
      ],
    },
    "Regions of nets with 8 units a layer, over their depth",
  );
}
