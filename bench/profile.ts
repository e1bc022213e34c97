/** Where the time of work 1's step goes. */
import { type Kernels, kernels, useKernels } from "@gradus/core";
import { task } from "./contestants/net.ts";
import { median } from "./statistics.ts";
import { works } from "./works.ts";

/** A part of a step and the milliseconds it takes. */
export interface Part {
  readonly name: string;
  readonly ms: number;
}

/** A way to take a step apart. The parts of a step add up to all of it. */
export interface Profiler {
  readonly title: string;
  /** Does a step, and tells what it consisted of. */
  step(): readonly Part[];
}

const STEPS = 20;

/** Op by op, on the kernels that are active: their products, packing included, against all the rest. */
export function eagerProfiler(): Profiler {
  const { fn, args } = task(works[0]);
  let products = 0;
  const timed: Kernels = Object.assign(Object.create(kernels()), {
    gemm: (...of: Parameters<Kernels["gemm"]>) => {
      const start = performance.now();
      before.gemm(...of);
      products += performance.now() - start;
    },
  });
  const before = kernels();
  let i = 0;
  return {
    title: `eager, on the kernels "${before.name}"`,
    step() {
      products = 0;
      useKernels(timed);
      try {
        const start = performance.now();
        fn(...args[i++ % args.length]).item();
        const total = performance.now() - start;
        return [
          { name: "products and their packing", ms: products },
          { name: "everything else", ms: total - products },
        ];
      } finally {
        useKernels(before);
      }
    },
  };
}

/** Ways to take the step apart: a compiled plan that can time its instructions belongs here. */
export const profilers: readonly (() => Profiler)[] = [eagerProfiler];

/** Prints the parts of the step as medians over some steps. */
export function profile(): void {
  console.log(`Work 1: ${works[0].title}`);
  for (const make of profilers) {
    const profiler = make();
    for (let i = 0; i < 3; i++) profiler.step(); // warm up
    const steps = Array.from({ length: STEPS }, () => profiler.step());
    const parts = steps[0].map(({ name }, i) => ({ name, ms: median(steps.map((step) => step[i].ms)) }));
    const total = parts.reduce((sum, { ms }) => sum + ms, 0);
    console.log(`\n${profiler.title}: ${total.toFixed(1)} ms`);
    for (const { name, ms } of parts) {
      console.log(
        `  ${name.padEnd(28)}${ms.toFixed(2).padStart(9)} ms${((100 * ms) / total).toFixed(1).padStart(7)} %`,
      );
    }
  }
}
