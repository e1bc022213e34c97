import { SELU_LAMBDA_ALPHA, type Tensor } from "@gradus/core";
import {
  AvgPool1d,
  AvgPool2d,
  Dropout,
  GlobalAveragePool,
  type Layer,
  MaxPool1d,
  MaxPool2d,
  Upsample,
} from "@gradus/nn";
import { format } from "./format.ts";
import { inputWarnings } from "./input-warnings.ts";
import type { MeasuredWeights } from "./measure.ts";
import type { SnnLayer } from "./result.ts";
import { appliesSelu, isAlphaDropout, isTransparent, type Stage } from "./stages.ts";
import { type Finding, type SeluWeights, weightWarnings } from "./weight-warnings.ts";
import { isConvolution, sizesOf } from "./weighted.ts";

/** The data that warnings are made from. @internal */
export interface Evidence {
  readonly before: readonly Layer[];
  readonly stages: readonly Stage[];
  readonly weights: readonly MeasuredWeights[];
  /** The input of the first stage. */
  readonly input: Tensor;
  readonly layers: readonly Pick<SnnLayer, "mean" | "variance">[];
}

/**
 * Sentences, each about one cause and all layers with it: first the input, then weights, dropout, overflow.
 *
 * @internal
 */
export function warningsOf({ before, stages, weights, input, layers }: Evidence): string[] {
  const normalizing = stages.flatMap(({ weighted, after }, i): SeluWeights[] => {
    return [weighted, ...after].some(appliesSelu)
      ? [{ row: i + 1, sizes: sizesOf(weighted), weights: weights[i] }]
      : [];
  });
  const findings = [...weightWarnings(normalizing), ...dropoutWarnings(stages), ...overflowWarning(layers)];
  const onInput = before.find((layer) => layer instanceof Dropout && layer.p > 0);
  return [
    ...inputWarnings(input, isConvolution(stages[0].weighted)),
    ...(onInput && normalizing[0]?.row === 1 ? [`input: ${dropoutText(onInput as Dropout, "before")}`] : []),
    ...findings.map(({ rows, text }) => `${namesOf(rows)}: ${text}`),
  ];
}

function dropoutWarnings(stages: readonly Stage[]): Finding[] {
  const rowsByText = new Map<string, Set<number>>();
  stages.forEach(({ weighted, after }, i) => {
    let behindSelu = appliesSelu(weighted);
    let pool: Layer | null = null;
    for (const layer of after) {
      if (isPool(layer)) pool = behindSelu ? layer : pool;
      else if (!isTransparent(layer)) pool = null;
      if (!isTransparent(layer) && !(layer instanceof Upsample)) behindSelu = appliesSelu(layer);
      const text = textAbout(layer, behindSelu, pool);
      if (text !== null) rowsByText.set(text, (rowsByText.get(text) ?? new Set()).add(i + 1));
    }
  });
  return [...rowsByText].map(([text, rows]) => ({ rows: [...rows], text }));
}

/** Whether a layer changes moments that SELU has left as they should be. */
function isPool(layer: Layer): boolean {
  return [MaxPool1d, MaxPool2d, AvgPool1d, AvgPool2d, GlobalAveragePool].some(
    (type) => layer instanceof type,
  );
}

/** @param pool a pool between SELU and the layer. */
function textAbout(layer: Layer, behindSelu: boolean, pool: Layer | null): string | null {
  if (layer instanceof Dropout && layer.p > 0 && behindSelu) return dropoutText(layer, "behind");
  if (!isAlphaDropout(layer) || layer.p === 0 || behindSelu) return null;
  if (pool !== null) {
    return `${layer} behind ${pool}: it keeps mean and variance only where SELU has left them at 0 and 1, and a pool changes them. Put it before the pool.`;
  }
  return (
    `${layer} behind a layer that is not SELU: it drops units to ${format(-SELU_LAMBDA_ALPHA)}, where SELU saturates, ` +
    "and keeps mean and variance only if these are those of a self-normalizing net. Use Dropout here."
  );
}

function dropoutText(layer: Dropout, where: "before" | "behind"): string {
  const effect =
    layer.p === 1 ? "lets nothing through" : `takes a variance of 1 to ${format(1 / (1 - layer.p))}`;
  return `${layer} ${where} SELU: in training it ${effect}. Use AlphaDropout, which keeps mean and variance.`;
}

function overflowWarning(layers: Evidence["layers"]): Finding[] {
  const first = layers.findIndex(({ mean, variance }) => !Number.isFinite(mean + variance));
  return first < 0 ? [] : [{ rows: [first + 1], text: "the activations are not finite from here on." }];
}

/** `layer 3`, `layers 1–4, 6` */
function namesOf(rows: readonly number[]): string {
  const runs: [from: number, to: number][] = [];
  for (const row of rows) {
    const last = runs.at(-1);
    if (last && last[1] === row - 1) last[1] = row;
    else runs.push([row, row]);
  }
  const names = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  return `${rows.length === 1 ? "layer" : "layers"} ${names.join(", ")}`;
}
