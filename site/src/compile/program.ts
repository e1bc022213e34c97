import {
  type CompiledPlan,
  compile,
  hashTensors,
  type Layer,
  namedTensors,
  type Tensor,
  useSimd,
} from "gradus";

/** A training step that can be made anew, with the same numbers. */
export interface Made {
  readonly net: Layer;
  readonly args: readonly [Tensor, Tensor];
  step(x: Tensor, y: Tensor): Tensor;
}

/** A program of the page, and what was found out about it when the site was built. */
export interface PlannedProgram {
  /** Its file without number and ending. */
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly source: string;
  readonly plan: CompiledPlan;
  readonly hashes: readonly HashedWay[];
}

/** A way to compute, and the digest of all weights after some steps. */
export interface HashedWay {
  readonly way: string;
  readonly hash: string;
}

const STEPS = 5;
const ways: readonly { readonly name: string; readonly compiled: boolean; readonly simd: boolean }[] = [
  { name: "op by op, plain loops", compiled: false, simd: false },
  { name: "op by op, SIMD products", compiled: false, simd: true },
  { name: "compiled, plain loops", compiled: true, simd: false },
  { name: "compiled, SIMD kernels", compiled: true, simd: true },
];

/** Trains five steps in each way of computing. All digests are equal: the same bits. */
export function hashesOf(make: () => Made): readonly HashedWay[] {
  try {
    return ways.map(({ name, compiled, simd }) => {
      useSimd(simd);
      const { net, args, step } = make();
      const run = compiled ? compile(step) : step;
      for (let i = 0; i < STEPS; i++) run(...args);
      return { way: name, hash: hashTensors(namedTensors(net)) };
    });
  } finally {
    useSimd(true);
  }
}

/** The plan of a program's step. */
export function planOf(make: () => Made): CompiledPlan {
  const { args, step } = make();
  const compiled = compile(step);
  try {
    return compiled.plan(...args);
  } finally {
    compiled.release();
  }
}
