import { createRng, crossEntropy, type Rng, type Tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { BatchNorm, Dense, Dropout, type Layer, namedParameters, namedTensors, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import type { CheckpointStore } from "../src/checkpoint/store.ts";
import type { Callback, FitOptions, StepTaker, TrainEnd } from "../src/index.ts";

/** n points of two linearly separable classes, drawn from a stream of their own. */
export function points(n: number, seed: string | number = "points"): Dataset {
  const rng = createRng(seed);
  const inputs = rng.normal([n, 2]);
  const targets = Uint8Array.from({ length: n }, (_, i) => +(inputs.data[2 * i] > inputs.data[2 * i + 1]));
  return new Dataset({ inputs, targets, classes: 2 });
}

/** A net with buffers and with layers that draw random numbers. */
export function smallNet(seed: string | number = "net"): Sequential {
  const rng = createRng(seed);
  return new Sequential(
    new Dense(2, 4, { rng: rng.split("hidden") }),
    new BatchNorm(4),
    new Dropout(0.25),
    new Dense(4, 2, { rng: rng.split("output") }),
  );
}

/** Options for {@link smallNet} on {@link points}, with momentum so that the optimizer has state. */
export function optionsFor(net: object, changes: Partial<FitOptions> = {}): FitOptions {
  return {
    optimizer: new SGD(namedParameters(net), { learningRate: 0.1, momentum: 0.5 }),
    loss: crossEntropy,
    epochs: 2,
    batchSize: 4,
    rng: trainingRng(),
    ...changes,
  };
}

export const trainingRng = (): Rng => createRng("training");

/** All numbers of a net, buffers included, as bits. */
export function bitsOf(net: object): bigint[] {
  return namedTensors(net).flatMap(([, x]) => [...new BigUint64Array(x.data.slice().buffer)]);
}

/** Copies all tensors of one net into another of the same form. */
export function copyInto(target: object, source: object): void {
  const from = namedTensors(source);
  namedTensors(target).forEach(([, x], i) => {
    x.assign(from[i][1]);
  });
}

/** Notes every hook that is called, and the outcome of training. */
export class Recorder implements Callback {
  readonly calls: string[] = [];
  readonly ends: TrainEnd[] = [];
  readonly #name: string;

  constructor(name = "", calls: string[] = []) {
    this.#name = name;
    this.calls = calls;
  }

  onTrainBegin(): void {
    this.calls.push(`${this.#name}begin`);
  }
  onEpochBegin(epoch: number): void {
    this.calls.push(`${this.#name}epoch ${epoch} begin`);
  }
  onBackward({ epoch, batch }: { epoch: number; batch: number }): void {
    this.calls.push(`${this.#name}backward ${epoch}.${batch}`);
  }
  onBatchEnd({ epoch, batch }: { epoch: number; batch: number }): void {
    this.calls.push(`${this.#name}batch ${epoch}.${batch}`);
  }
  onEpochEnd({ epoch }: { epoch: number }): void {
    this.calls.push(`${this.#name}epoch ${epoch} end`);
  }
  onTrainEnd(end: TrainEnd): void {
    this.calls.push(`${this.#name}end`);
    this.ends.push(end);
  }
}

/** A net without parameters, whose forward is the given function. */
export function layerOf(forward: Layer["forward"]): Layer {
  return { forward };
}

/** The error with which a promise is rejected. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** An optimizer that changes nothing, and counts its steps. */
export class IdleOptimizer implements StepTaker {
  readonly learningRate = 0.5;
  stepCount = 0;
  step(gradients: { get(x: Tensor): Tensor | undefined }): void {
    if (typeof gradients?.get !== "function") throw new Error("no gradients");
    this.stepCount++;
  }
}

/** A promise that never resolves. */
export const never: Promise<never> = new Promise<never>(() => {});

/** A store in memory. Names in `stuck` are methods whose promise never resolves. */
export function memoryStore(
  stuck: readonly (keyof CheckpointStore)[] = [],
): CheckpointStore & { saved: Map<string, Uint8Array> } {
  const saved = new Map<string, Uint8Array>();
  const store = {
    saved,
    place: "memory",
    open: async () => {},
    names: async () => [...saved.keys()],
    read: async (name: string) => saved.get(name) as Uint8Array,
    write: async (name: string, bytes: Uint8Array) => void saved.set(name, bytes),
    remove: async (name: string) => void saved.delete(name),
  };
  return Object.assign(store, Object.fromEntries(stuck.map((name) => [name, () => never])));
}
