import { createRng, Parameter, type Tensor, update } from "@gradus/core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compile, simdSupported, threads } from "../src/index.ts";
import { given } from "../src/warn-once.ts";
import { startThreads } from "../src/wasm/threads.ts";
import { descend } from "./compile/trainer.ts";
import { elementwise, N, place, product } from "./wasm/threads-host.ts";

type Worker = { terminate(): Promise<number> };
const node = process.getBuiltinModule("node:worker_threads") as unknown as {
  Worker: new (...args: unknown[]) => Worker;
};
const { Worker } = node;
let workers: Worker[] = [];

beforeEach(() => {
  workers = [];
  given.clear();
  node.Worker = class extends Worker {
    constructor(...args: unknown[]) {
      super(...args);
      workers.push(this);
    }
  };
});

afterEach(async () => {
  node.Worker = Worker;
  await threads(1);
  vi.restoreAllMocks();
  given.clear();
});

const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 50));

describe.runIf(simdSupported())("R14: a worker that dies", () => {
  test("between two steps: the next steps and products run on one thread, with the same bits and one warning", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    const rng = createRng("dead worker");
    const x = rng.normal([200, 200]);
    const weights = [0, 1].map(() => new Parameter(x));
    const [plain, fast] = weights.map((weight) => (y: Tensor) => {
      const out = y.matmul(weight).tanh();
      update(descend, [out], [weight], undefined);
      return out;
    });
    const step = compile(fast);
    expect(await threads(3)).toBe(3);
    expect(step(x).data).toEqual(plain(x).data);
    await workers[1].terminate();
    await pause();
    for (let i = 0; i < 3; i++) expect(step(x).data).toEqual(plain(x).data);
    expect(weights[1].data).toEqual(weights[0].data);
    const large = x.matmul(x).data;
    expect(warn.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^threads: thread 2 of 3 died: .*; later calls run on one thread, until threads\(n\)/,
        ),
      ],
    ]);
    expect(await threads(3)).toBe(3); // new ones
    expect(x.matmul(x).data).toEqual(large);
    expect(step(x).data).toEqual(plain(x).data);
    step.release();
  });

  test.each([2, 4])(
    "unnoticed, of %i threads: the program that misses it is finished by the calling thread",
    async (count) => {
      const { alone, allocate, memory, program, matrix, numbers } = place();
      const team = await startThreads(count, { memory, allocate, patience: 200 });
      try {
        const [x, y, z, expected] = [matrix(0.25), matrix(), matrix(), matrix()];
        numbers(x).set(createRng("matrix").normal([N, N]).data);
        const code = (out: number): number =>
          program(
            elementwise("exp", y, x),
            product(z, y, x),
            elementwise("square", out, z),
            elementwise("neg", out, out),
          );
        alone.run(code(expected), 4);
        numbers(y).fill(0);
        const result = matrix();
        await pause(); // until the workers sleep
        void workers.at(-1)?.terminate(); // no turn of the event loop follows, so nothing reports it
        team.run(code(result), 4);
        expect(numbers(result)).toEqual(numbers(expected));
        expect(team.failure?.message).toContain(`thread ${count - 1} of ${count} died`);
      } finally {
        await team.stop();
      }
    },
  );
});
