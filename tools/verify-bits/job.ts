/**
 * The job of every engine: trains small nets on MNIST with each optimizer and each layer, and hashes all weights.
 *
 * It uses only the language: the input are the bytes of digits, the output hashes. `bundle.ts` makes one script of it, the
 * same for all engines, which sets `globalThis.gradusWays` to {@link jobInAllWays}.
 */
import {
  ArgumentError,
  backward,
  createRng,
  crossEntropy,
  hashTensors,
  math,
  type Rng,
  type Tensor,
  tensor,
  zeros,
} from "@gradus/core";
import { type Batch, batches, Dataset, standardize } from "@gradus/data";
import { compile, simdSupported, threads, useSimd } from "@gradus/engine";
import {
  AlphaDropout,
  Dense,
  Embedding,
  type Layer,
  type NamedTensor,
  namedParameters,
  namedTensors,
  SELU,
  Sequential,
} from "@gradus/nn";
import { nets } from "./nets.ts";
import { initializers, layers, type MakeOptimizer, optimizers, WIDTH } from "./parts.ts";

/** Bytes of a digit: its 784 pixels and its label. */
export const DIGIT_BYTES = 785;

/** The size of the job; it must be the same for every engine. */
export interface JobOptions {
  /** Steps with each optimizer. Default: 60. */
  readonly steps?: number;
  /** Steps with each layer. Default: 5. */
  readonly layerSteps?: number;
  /** Whether to predict the samples one by one, from the last to the first; the bits must be the same. Default: false. */
  readonly predictBackwards?: boolean;
  /** Whether steps and predictions are compiled; the bits must be the same. Default: false. */
  readonly compiled?: boolean;
  /** The parts to compute, by name. Default: all. */
  readonly only?: readonly string[];
}

/** The result of the job. */
export interface JobResult {
  /** The hash of all tensors together. */
  readonly hash: string;
  /** The hash of each part, to find the part in which two engines differ. */
  readonly parts: Readonly<Record<string, string>>;
}

/**
 * Runs the job on digits of {@link DIGIT_BYTES} bytes each.
 *
 * @throws RangeError if the bytes are not a whole number of digits.
 */
export function job(
  digits: Uint8Array,
  { steps = 60, layerSteps = 5, predictBackwards = false, compiled = false, only }: JobOptions = {},
): JobResult {
  const data = standardized(digits);
  const rng = createRng("verify:bits");
  const all: NamedTensor[] = [];
  const parts: Record<string, string> = {};
  const add = (part: string, compute: () => readonly NamedTensor[]): void => {
    if (only !== undefined && !only.includes(part)) return;
    const tensors = compute();
    parts[part] = hashTensors(tensors);
    all.push(...tensors.map(([name, x]) => [`${part}: ${name}`, x] as const));
  };
  add("elementary functions", () => elementary(rng.split("elementary")));
  add("initializers", () =>
    Object.entries(initializers).map(([name, init]) => [name, init([30, 20], rng.split(name))]),
  );
  for (const [name, optimizer] of Object.entries(optimizers)) {
    add(name, () => {
      const net = seluNet(rng.split("net"));
      train(net, data, { optimizer, steps, rng: rng.split(name), compiled });
      return [...namedTensors(net), ["predictions", predictions(net, data, predictBackwards, compiled)]];
    });
  }
  for (const layer of layers) {
    const tried = layer();
    add(`${tried}`, () => {
      const first = new Dense(784, WIDTH, { rng: rng.split("first") });
      const net = new Sequential(first, tried, new Dense(WIDTH, 10, { rng: rng.split("last") }));
      const of = { optimizer: optimizers.Adam, steps: layerSteps, rng: rng.split(`${tried}`), compiled };
      train(net, data, of);
      return namedTensors(net);
    });
  }
  for (const [name, make] of Object.entries(nets)) {
    add(name, () => {
      const net = make(rng.split(name));
      train(net, data, { optimizer: optimizers.Adam, steps: layerSteps, rng: rng.split("masks"), compiled });
      return namedTensors(net);
    });
  }
  const embedding = new Embedding(10, WIDTH, { rng: rng.split("embedding") });
  add(`${embedding}`, () => {
    const net = new Sequential(embedding, new Dense(WIDTH, 10, { rng: rng.split("last") }));
    const indices = new Dataset({
      inputs: data.targets,
      inputShape: [],
      targets: data.targets,
      classes: 10,
    });
    const of = { optimizer: optimizers.Adam, steps: layerSteps, rng: rng.split("indices"), compiled };
    train(net, indices, of);
    return namedTensors(net);
  });
  return { hash: hashTensors(all), parts };
}

/** The name of a way to compute, and the result of the job. */
export type Ways = Readonly<Record<string, JobResult>>;

/**
 * The job in every way of computing of this host: op by op and compiled, with plain loops and with SIMD kernels, on one
 * thread and on several. The first way is op by op with plain loops.
 */
export async function jobInAllWays(digits: Uint8Array, options: JobOptions = {}): Promise<Ways> {
  const ways: Record<string, JobResult> = {};
  const before = useSimd(false);
  try {
    ways["plain loops"] = job(digits, options);
    ways["plain loops, compiled"] = job(digits, { ...options, compiled: true });
    if (!simdSupported()) return ways;
    useSimd(true);
    ways.SIMD = job(digits, options);
    ways["SIMD, compiled"] = job(digits, { ...options, compiled: true });
    for (const n of [2, 3]) {
      if ((await threadsOr1(n)) === n)
        ways[`SIMD, compiled, ${n} threads`] = job(digits, { ...options, compiled: true });
    }
    return ways;
  } finally {
    useSimd(before);
    await threadsOr1(1);
  }
}

/** The number of threads: 1 in a host without workers or without shared memory. */
async function threadsOr1(n: number): Promise<number> {
  try {
    return await threads(n);
  } catch (error) {
    if (error instanceof ArgumentError) return 1;
    throw error;
  }
}

/** The outputs for the first samples, in their order: computed in batches, or one by one from the last to the first. */
function predictions(net: Layer, data: Dataset, backwards: boolean, compiled: boolean): Tensor {
  const plain = (x: Tensor): Tensor => net.forward(x);
  const forward = compiled ? compile(plain) : plain;
  const count = Math.min(100, data.size);
  const out = zeros([count, 10]);
  const size = backwards ? 1 : BATCH_SIZE;
  const starts = Array.from({ length: Math.ceil(count / size) }, (_, i) => i * size);
  for (const start of backwards ? starts.reverse() : starts) {
    const indices = Array.from({ length: Math.min(size, count - start) }, (_, i) => start + i);
    out.data.set(forward(data.batch(indices).inputs).data, 10 * start);
  }
  return out;
}

function standardized(digits: Uint8Array): Dataset {
  const count = digits.length / DIGIT_BYTES;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(`job: ${digits.length} bytes are not a whole number of digits of ${DIGIT_BYTES}`);
  }
  const data = new Dataset({
    inputs: digits.subarray(0, 784 * count),
    inputShape: [784],
    targets: digits.subarray(784 * count),
    classes: 10,
  });
  return data.with({ transform: standardize(data, { per: "all" }) });
}

function seluNet(rng: Rng): Sequential {
  return new Sequential(
    new Dense(784, 46, { rng: rng.split(0) }),
    new SELU(),
    new AlphaDropout(0.05),
    new Dense(46, 30, { rng: rng.split(1) }),
    new SELU(),
    new AlphaDropout(0.05),
    new Dense(30, 10, { rng: rng.split(2) }),
  );
}

const BATCH_SIZE = 50;

function train(
  net: Layer,
  data: Dataset,
  options: { optimizer: MakeOptimizer; steps: number; rng: Rng; compiled: boolean },
): void {
  const { optimizer: make, steps, rng, compiled } = options;
  const optimizer = make(namedParameters(net));
  const mode = { train: true, rng: rng.split("layers") } as const;
  const plain = (inputs: Tensor, targets: Tensor): void =>
    optimizer.step(backward(crossEntropy(net.forward(inputs, mode), targets)));
  const step = compiled ? compile(plain) : plain;
  const passes = batches(data, BATCH_SIZE, { rng: rng.split("order") });
  while (optimizer.stepCount < steps) {
    for (const { inputs, targets } of passes as Iterable<Batch>) {
      if (optimizer.stepCount === steps) return;
      step(inputs, targets);
    }
  }
}

/** The values of all elementary functions at numbers of every size: random bit patterns, and some near 0. */
function elementary(rng: Rng): NamedTensor[] {
  const patterns = new DataView(new ArrayBuffer(8));
  const anywhere = Array.from({ length: 3000 }, () => {
    patterns.setUint32(0, rng.integer(4294967296));
    patterns.setUint32(4, rng.integer(4294967296));
    return patterns.getFloat64(0);
  });
  const points = [...anywhere, ...rng.normal([3000], { std: 10 }).data];
  const values = (f: (x: number, i: number) => number): Tensor => tensor(points.map(f));
  const { pow, ...unary } = math;
  // Sorted, because a bundler can change the order of a module's keys.
  const names = Object.keys(unary).sort() as (keyof typeof unary)[];
  return [
    ...names.map((name): NamedTensor => [name, values((x) => unary[name](x))]),
    ["pow", values((x, i) => pow(Math.abs(x), points[points.length - 1 - i]))],
    ["sqrt", values(Math.sqrt)],
    ["uniform", rng.uniform([1000])],
  ];
}

Object.assign(globalThis, { gradusJob: job, gradusWays: jobInAllWays });
