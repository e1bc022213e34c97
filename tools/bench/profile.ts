/** The time of each part of a step of work 1. */
import { type MatrixProduct, useProduct } from "@gradus/core";
import { compile, simdSupported, threads } from "@gradus/engine";
import { compile as compileAssembly } from "../build/build-kernels.ts";
import { printTable } from "../shared/print-table.ts";
import { task } from "./contestants/net.ts";
import { median } from "./statistics.ts";
import { type Net, works } from "./works.ts";

/** A part of a step and the milliseconds it takes. */
interface Part {
  readonly name: string;
  readonly ms: number;
}

/** A way to divide a step into parts. The parts add up to the step. */
interface Profiler {
  readonly title: string;
  readonly threads: number;
  /** Does a step. @returns its parts. */
  step(): readonly Part[];
}

const STEPS = 40;
const PRODUCTS = "products and their packing";

/** Op by op, with the active kernels: products, packing included, and all the rest. */
function eager(): Profiler {
  const { fn, args } = task(works[0]);
  let products = 0;
  let product: MatrixProduct;
  const timed: MatrixProduct = (...of) => {
    const start = performance.now();
    product(...of);
    products += performance.now() - start;
  };
  let i = 0;
  return {
    title: `op by op, ${simdSupported() ? "large products by SIMD kernels" : "on plain loops"}`,
    threads: 1,
    step() {
      products = 0;
      product = useProduct(timed);
      try {
        const start = performance.now();
        fn(...args[i++ % args.length]).item();
        const total = performance.now() - start;
        return [
          { name: PRODUCTS, ms: products },
          { name: "everything else", ms: total - products },
        ];
      } finally {
        useProduct(product);
      }
    },
  };
}

/** The compiled step: its products, and all the rest. */
function compiled(threads: number): Profiler {
  const { fn, args } = task(works[0]);
  const step = compile(fn);
  let i = 0;
  return {
    title: `compiled, ${threads} thread${threads === 1 ? "" : "s"}`,
    threads,
    step() {
      const batch = args[i++ % args.length];
      const start = performance.now();
      step(...batch).item();
      const total = performance.now() - start;
      const products = step
        .profile(...batch)
        .reduce((sum, { name, ms }) => sum + (name === "matmul" ? ms : 0), 0);
      return [
        { name: PRODUCTS, ms: products },
        { name: "everything else", ms: total - products },
      ];
    },
  };
}

/** Prints the medians of the parts over several steps, and the speed of the products. */
export async function profile(): Promise<void> {
  const [work] = works;
  console.log(`Work ${work.id}: ${work.title}`);
  const yardstick = await registerLoop();
  await print(eager(), yardstick, productFlops(work.net, work.batch));
  if (!simdSupported()) return;
  for (const n of [1, 2]) {
    await threads(n);
    await print(compiled(n), yardstick, productFlops(work.net, work.batch));
  }
  await threads(1);
}

async function print(profiler: Profiler, yardstick: () => number, flops: number): Promise<void> {
  for (let i = 0; i < 3; i++) profiler.step(); // warm up
  const steps: (readonly Part[])[] = [];
  const shares: number[] = [];
  for (let i = 0; i < STEPS; i++) {
    const limit = yardstick() * profiler.threads;
    const parts = profiler.step();
    steps.push(parts);
    shares.push(flops / parts[0].ms / 1e6 / limit);
  }
  const parts = steps[0].map(({ name }, i) => ({ name, ms: median(steps.map((step) => step[i].ms)) }));
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  console.log(`\n${profiler.title}: ${total.toFixed(1)} ms`);
  printTable(
    parts.map(({ name, ms }) => [name, `${ms.toFixed(2)} ms`, `${((100 * ms) / total).toFixed(1)} %`]),
  );
  const speed = flops / parts[0].ms / 1e6;
  console.log(
    `  The products run at ${speed.toFixed(1)} GFLOP/s, ${(100 * median(shares)).toFixed(0)} % of a register-only loop measured beside them.`,
  );
}

/** Multiplications and additions of the products of a training step; the first layer needs no gradient of its input. */
function productFlops({ sizes }: Net, batch: number): number {
  return sizes.slice(1).reduce((sum, n, i) => sum + 2 * batch * sizes[i] * n * (i === 0 ? 2 : 3), 0);
}

/** The GFLOP/s of a core without memory access: the reference for the speed of products. */
async function registerLoop(): Promise<() => number> {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: {
      instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: { exports: unknown } }>;
    };
  };
  const { instance } = await WebAssembly.instantiate(await compileAssembly("yardstick.ts"), {
    env: yardstickMemory(),
  });
  const { registerLoop: loop, OPERATIONS } = instance.exports as {
    registerLoop(rounds: number, factor: number, term: number): number;
    OPERATIONS: { value: number };
  };
  const rounds = 200_000;
  return () => {
    const start = performance.now();
    loop(rounds, 0.5, 1);
    return (rounds * OPERATIONS.value) / (performance.now() - start) / 1e6;
  };
}

function yardstickMemory(): object {
  const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: new (limits: object) => object } })
    .WebAssembly;
  return { memory: new Memory({ initial: 1, maximum: 65_536, shared: true }) };
}
