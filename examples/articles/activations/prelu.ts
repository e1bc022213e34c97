/** The slopes of PReLU layers while a net is trained on MNIST. */
import { PReLU } from "@gradus/nn";
import { toSvg } from "../../shared/chart.ts";
import { percent, type Table } from "../../shared/table.ts";
import { PRELU_START } from "./functions.ts";
import { progressOn } from "./progress.ts";
import { HIDDEN, type Images, netOf, type TrainingOptions, train } from "./training.ts";

/** The slopes of all hidden layers after a step. */
export interface Slopes {
  readonly step: number;
  readonly slopes: readonly number[];
}

export interface PReluResult {
  readonly stepsPerEpoch: number;
  /** At the start and after each epoch. */
  readonly epochs: readonly Slopes[];
  /** Between them, every few steps. */
  readonly trace: readonly Slopes[];
  readonly testAccuracy: number;
}

/** Trains a net with one PReLU slope per hidden layer. */
export async function learnSlopes(
  images: Images,
  { epochs, callbacks = [], signal }: TrainingOptions,
): Promise<PReluResult> {
  const net = netOf(() => new PReLU(1, { init: PRELU_START }));
  const now = (step: number): Slopes => ({
    step,
    slopes: net.layers.filter((layer) => layer instanceof PReLU).map(({ slope }) => slope.item()),
  });
  const trace = [now(0)];
  const perEpoch = [now(0)];
  let stepsPerEpoch = 0;
  const testAccuracy = await train(net, images, {
    epochs,
    signal,
    callbacks: [
      {
        onBatchEnd: ({ step }, { batches }) => {
          stepsPerEpoch = batches;
          if (step % Math.ceil((epochs * batches) / 100) === 0) trace.push(now(step));
        },
        onEpochEnd: () => perEpoch.push(now(perEpoch.length * stepsPerEpoch)),
      },
      ...progressOn("PReLU"),
      ...callbacks,
    ],
  });
  return { stepsPerEpoch, epochs: perEpoch, trace, testAccuracy };
}

export function slopesTable({ epochs }: PReluResult): Table {
  return [
    ["slope of PReLU", ...HIDDEN.map((_, i) => `layer ${i + 1}`)],
    ...epochs.map(({ slopes }, epoch) => [
      epoch === 0 ? "at the start" : `after epoch ${epoch}`,
      ...slopes.map((slope) => slope.toFixed(4)),
    ]),
  ];
}

export function slopesFigure({ trace, epochs, stepsPerEpoch, testAccuracy }: PReluResult): Promise<string> {
  const values = [...trace, ...epochs.slice(1)].flatMap(({ step, slopes }) =>
    slopes.map((slope, i) => ({ epoch: step / stepsPerEpoch, slope, layer: `layer ${i + 1}` })),
  );
  return toSvg(
    {
      title: `Slopes of PReLU in a net that comes to ${percent(testAccuracy)} on MNIST`,
      width: 460,
      height: 280,
      data: { values },
      mark: { type: "line", strokeWidth: 2.5 },
      encoding: {
        x: { field: "epoch", type: "quantitative", title: "epoch" },
        y: { field: "slope", type: "quantitative", title: "slope on the left side" },
        color: { field: "layer", type: "nominal", title: null, legend: { symbolSize: 400 } },
        strokeDash: {
          field: "layer",
          type: "nominal",
          scale: { range: [[], [8, 3], [2, 3], [8, 3, 2, 3]] },
          title: null,
        },
      },
    },
    "The slopes that the PReLU of each hidden layer learns on MNIST",
  );
}
