/** The distribution of activations in each layer, for three activation functions, before and during training. */
import type { Tensor } from "@gradus/core";
import type { Dataset } from "@gradus/data";
import { Dense, type Layer, LeakyReLU, layerOutputs, ReLU, SELU, type Sequential } from "@gradus/nn";
import { percent, type Table } from "../../shared/table.ts";
import { progressOn } from "./progress.ts";
import { type Images, netOf, type TrainingOptions, train } from "./training.ts";

/** The compared functions; 0.2 is the slope in the comparison of 2017 that is repeated here. */
export const contestants: readonly { readonly name: string; readonly make: () => Layer }[] = [
  { name: "ReLU", make: () => new ReLU() },
  { name: "Leaky ReLU (0.2)", make: () => new LeakyReLU({ slope: 0.2 }) },
  { name: "SELU", make: () => new SELU() },
];

/** The number of test images. */
const IMAGES = 1000;

/** Bars of a fifth from -4 to 8. */
export const BARS = { low: -4, perUnit: 5, count: 60 } as const;

export interface Histogram {
  /** The number of values in each bar of {@link BARS}; a bar includes its lower end, not its upper end. */
  readonly counts: readonly number[];
  /** The number of values to the left and to the right of all bars. */
  readonly below: number;
  readonly above: number;
  /** The number of values that are exactly 0. They are counted in their bar too. */
  readonly zeros: number;
  readonly size: number;
  readonly mean: number;
  readonly variance: number;
}

export function histogramOf(values: Float64Array): Histogram {
  const counts = new Array<number>(BARS.count).fill(0);
  const outside = { below: 0, above: 0 };
  for (const value of values) {
    const bar = Math.floor((value - BARS.low) * BARS.perUnit);
    if (bar < 0) outside.below++;
    else if (bar >= BARS.count) outside.above++;
    else counts[bar]++;
  }
  const size = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / size;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / size;
  const zeros = values.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0);
  return { counts, ...outside, zeros, size, mean, variance };
}

/** The outputs of all activation layers of a net. */
export function activationsOf(net: Sequential, images: Dataset): Tensor[] {
  const { inputs } = images.batch(Uint32Array.from({ length: Math.min(IMAGES, images.size) }, (_, i) => i));
  return layerOutputs(net, inputs)
    .filter(({ layer }) => !(layer instanceof Dense))
    .map(({ output }) => output);
}

/** One net at one time. */
export interface Snapshot {
  readonly step: number;
  /** By hidden layer. */
  readonly layers: readonly Histogram[];
}

export interface Contest {
  readonly name: string;
  /** Before training, early in it, and at its end. */
  readonly snapshots: readonly Snapshot[];
  readonly testAccuracy: number;
}

/** Trains a net with each function, and counts its activations before training, after `early` steps, and at the end. */
export async function compareHistograms(
  images: Images,
  { epochs, callbacks = [], signal, early }: TrainingOptions & { readonly early: number },
): Promise<Contest[]> {
  const contests: Contest[] = [];
  for (const { name, make } of contestants) {
    const net = netOf(make);
    const look = (step: number): Snapshot => ({
      step,
      layers: activationsOf(net, images.test).map(({ data }) => histogramOf(data)),
    });
    const snapshots = [look(0)];
    let last = 0;
    const testAccuracy = await train(net, images, {
      epochs,
      signal,
      callbacks: [
        {
          onBatchEnd: ({ step }) => {
            last = step;
            if (step === early) snapshots.push(look(step));
          },
        },
        ...progressOn(name),
        ...callbacks,
      ],
    });
    snapshots.push(look(last));
    contests.push({ name, snapshots, testAccuracy });
  }
  return contests;
}

/** One row for each function and layer, with the cells that `quantities` gives for each time. */
function byLayer(
  contests: readonly Contest[],
  quantities: Readonly<Record<string, (histogram: Histogram) => string>>,
): Table {
  const times = contests[0].snapshots.map(({ step }) => (step === 0 ? "start" : `step ${step}`));
  return [
    [
      "activations of",
      ...Object.keys(quantities).flatMap((name) => [`${name}, ${times[0]}`, ...times.slice(1)]),
    ],
    ...contests.flatMap(({ name, snapshots }) =>
      snapshots[0].layers.map((_, layer) => [
        `${name}, layer ${layer + 1}`,
        ...Object.values(quantities).flatMap((text) => snapshots.map(({ layers }) => text(layers[layer]))),
      ]),
    ),
  ];
}

export function momentsTable(contests: readonly Contest[]): Table {
  return byLayer(contests, {
    mean: ({ mean }) => mean.toFixed(3),
    variance: ({ variance }) => variance.toFixed(3),
  });
}

export function zerosTable(contests: readonly Contest[]): Table {
  return byLayer(contests, { "exactly 0": ({ zeros, size }) => percent(zeros / size) });
}

export function accuracyTable(contests: readonly Contest[]): Table {
  return [
    ["net", "test accuracy"],
    ...contests.map(({ name, testAccuracy }) => [name, percent(testAccuracy, 2)]),
  ];
}
