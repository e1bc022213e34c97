import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ArgumentError, GradusError } from "@gradus/core";
import { expect, test } from "vitest";
import { ARRIVED, CONTROL_BYTES, ENDED, STALLED, STOPPED } from "../../src/wasm/control.ts";
import { createInstance } from "../../src/wasm/module.ts";
import { startThreads, type Threads } from "../../src/wasm/threads.ts";
import { INSTRUCTION_BYTES } from "./encode.ts";
import { ordinary } from "./shares.ts";
import { elementwise, N, place, product } from "./threads-host.ts";

async function withThreads(
  count: number,
  use: (threads: Threads, host: ReturnType<typeof place>, control: number) => Promise<void> | void,
  patience?: number,
): Promise<void> {
  const host = place();
  let control = 0;
  const allocate = (bytes: number): number => {
    const block = host.allocate(bytes);
    if (bytes === CONTROL_BYTES) control = block;
    return block;
  };
  const threads = await startThreads(count, { ...host, allocate, ...(patience && { patience }) });
  try {
    await use(threads, host, control);
  } finally {
    await threads.stop();
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

test.for([2, 3])(
  "%i threads compute the bits of one, run after run, where each step needs the one before",
  async (count) => {
    await withThreads(count, async (threads, { alone, program, matrix, numbers }) => {
      const [w, x, y, z, back] = [matrix(), matrix(), matrix(), matrix(), matrix()];
      const [start, factor] = [ordinary(N * N, 5), ordinary(N * N, 6)];
      // Products with it neither grow nor vanish.
      const norm = Math.sqrt(factor.reduce((sum, value) => sum + value * value, 0) / N);
      numbers(w).set(factor.map((value) => value / norm));
      const chain = program(
        product(y, x, w),
        elementwise("neg", z, y),
        product(back, w, z),
        elementwise("copy", x, back),
      );
      numbers(x).set(start);
      for (let i = 0; i < 30; i++) alone.run(chain, 4);
      const expected = numbers(x).slice();
      expect(expected.every((value) => value !== 0 && Number.isFinite(value))).toBe(true);
      numbers(x).set(start);
      for (let i = 0; i < 30; i++) {
        threads.run(chain, 4);
        // Long enough for the workers to fall asleep, sometimes.
        if (i % 10 === 0) await pause(20);
      }
      expect(numbers(x).every((value, i) => Object.is(value, expected[i]))).toBe(true);
      threads.run(chain, 0);
    });
  },
);

test("workers that sleep are woken, and work on with what they had", async () => {
  await withThreads(2, async (threads, { program, matrix, numbers }) => {
    const [x, y] = [matrix(1), matrix()];
    const copies = program(
      ...Array.from({ length: 50 }, (_, i) =>
        elementwise(i % 2 ? "copy" : "neg", i % 2 ? x : y, i % 2 ? y : x),
      ),
    );
    for (let i = 0; i < 20; i++) {
      await pause(5);
      threads.run(copies, 50);
      expect(numbers(x).every((value) => value === -1)).toBe(true); // 25 changes of sign each time
      numbers(x).fill(1);
    }
  });
});

test("a worker that dies is an error at once, names it, and nothing is run from then on", async () => {
  await withThreads(3, (threads, { memory, program, matrix }) => {
    // The first third of the result lies within the memory, the last does not.
    const [x, y] = [matrix(1), matrix()];
    const beyond = memory.buffer.byteLength - 8 * (N * N - 2000);
    const bad = program(elementwise("copy", beyond, x));
    const good = program(elementwise("copy", y, x));
    threads.run(good, 1);
    expect(() => threads.run(bad, 1)).toThrow(GradusError);
    expect(threads.failure?.message).toMatch(
      /^threads: thread 2 of 3 died: RuntimeError: .*bounds.*; later calls run on one thread, until threads\(n\) starts new ones$/,
    );
    expect(() => threads.run(good, 1)).toThrow(threads.failure!);
  });
});

test("an instruction that does not exist is an error of the calling thread or a worker, not a hang", async () => {
  await withThreads(2, (threads, { allocate }) => {
    const zeros = allocate(INSTRUCTION_BYTES); // 0 is no opcode
    expect(() => threads.run(zeros, 1)).toThrow(/thread [01] of 2 died: RuntimeError: /);
    expect(() => threads.run(zeros, 1)).toThrow(threads.failure!);
  });
});

test("threads that do not move any more are given up", async () => {
  await withThreads(
    2,
    (threads, { memory, program, matrix }, control) => {
      const [x, y] = [matrix(1), matrix()];
      // One is missing for good when all have arrived.
      Atomics.sub(new Int32Array(memory.buffer), (control + ARRIVED) / 4, 1);
      expect(() => threads.run(program(elementwise("copy", y, x)), 1)).toThrow(
        "threads: nothing moved for too long; later calls run on one thread",
      );
    },
    200,
  );
});

test("waiting goes on as long as the host hopes, and ends with what was found", () => {
  const { memory, allocate, program, matrix, taken } = place();
  const control = allocate(CONTROL_BYTES);
  let asked = 0;
  const instance = createInstance(memory, () => (++asked === 3 ? 1 : 0));
  instance.initialize(allocate(instance.scratchBytes()));
  const copy = program(elementwise("copy", matrix(), matrix()));
  expect(instance.runShared(copy, 1, 2, control)).toBe(STALLED);
  expect(asked).toBe(3);
  new Int32Array(memory.buffer, control, CONTROL_BYTES / 4).fill(0)[ENDED / 4] = STOPPED;
  expect(instance.runShared(copy, 1, 2, control)).toBe(STOPPED);
  expect(taken.has(control)).toBe(true);
});

test("stopping gives all memory back and leaves nothing to be run", async () => {
  const host = place();
  const [x, y] = [host.matrix(1), host.matrix()];
  const copy = host.program(elementwise("copy", y, x));
  const before = [...host.taken];
  const threads = await startThreads(2, { ...host, release: (block) => host.taken.delete(block) });
  expect(threads.threads).toBe(2);
  expect(threads.failure).toBe(null);
  threads.run(copy, 1);
  await threads.stop();
  await threads.stop();
  expect([...host.taken]).toEqual(before);
  expect(() => threads.run(copy, 1)).toThrow("threads: they were stopped");
});

test("the number of threads must be a whole number from 2 on", async () => {
  for (const count of [1, 0, -1, 2.5, Number.NaN]) {
    await expect(startThreads(count, place())).rejects.toThrow(ArgumentError);
  }
});

test("a worker that cannot begin is an error, and the others are stopped", async () => {
  const { memory, allocate } = place();
  let calls = 0;
  const host = {
    memory,
    allocate: (bytes: number) => (++calls === 4 ? memory.buffer.byteLength : allocate(bytes)),
  };
  await expect(startThreads(3, host)).rejects.toThrow(/thread 2 of 3 died: RuntimeError: .*bounds/);
});

test("a page that is not isolated is told which headers it needs, and gets what it allocated back", async () => {
  const { getBuiltinModule } = process;
  const { memory, allocate, taken } = place();
  const before = [...taken];
  const host = { memory, allocate, release: (block: number) => taken.delete(block) };
  try {
    process.getBuiltinModule = () => undefined;
    Object.assign(globalThis, { Worker: class {}, crossOriginIsolated: false });
    await expect(startThreads(2, host)).rejects.toThrow(
      /Cross-Origin-Opener-Policy: same-origin.*Cross-Origin-Embedder-Policy: require-corp/,
    );
  } finally {
    process.getBuiltinModule = getBuiltinModule;
    Reflect.deleteProperty(globalThis, "Worker");
    Reflect.deleteProperty(globalThis, "crossOriginIsolated");
  }
  expect([...taken]).toEqual(before);
});

test("a host that is isolated but cannot send memory to workers says so", async () => {
  const { getBuiltinModule } = process;
  let ended = 0;
  const Worker = class {
    postMessage(): void {
      throw new Error("The object can not be cloned.");
    }
    terminate(): void {
      ended++;
    }
  };
  try {
    process.getBuiltinModule = () => undefined;
    Object.assign(globalThis, { Worker, crossOriginIsolated: true });
    await expect(startThreads(2, place())).rejects.toThrow(
      /does not let workers share memory: Error: The object can not be cloned/,
    );
  } finally {
    process.getBuiltinModule = getBuiltinModule;
    Reflect.deleteProperty(globalThis, "Worker");
    Reflect.deleteProperty(globalThis, "crossOriginIsolated");
  }
  expect(ended).toBe(1);
});

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const sources = new URL("../../src/wasm/", import.meta.url);

/** Runs a program in a process of its own, which has started two threads. */
async function inProcess(text: string): Promise<string> {
  const source = `
    const { startThreads } = await import(${JSON.stringify(`${sources}threads.ts`)});
    const { createInstance, createMemory } = await import(${JSON.stringify(`${sources}module.ts`)});
    const memory = createMemory(256);
    let at = Math.ceil(createInstance(memory).heapBase() / 64) * 64;
    const allocate = (bytes) => (at += Math.ceil(bytes / 64) * 64) - Math.ceil(bytes / 64) * 64;
    const threads = await startThreads(2, { memory, allocate });
    ${text}`;
  const options = ["--import", "tsx", "--conditions=@gradus/source", "--input-type=module", "--eval", source];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: root, timeout: 60_000 });
  return stdout.trim();
}

test("a process with idle workers ends by itself, asleep or awake", async () => {
  expect(await inProcess(`console.log("end");`)).toBe("end");
  expect(await inProcess(`setTimeout(() => console.log("later"), 50);`)).toBe("later");
});

test("a process that waits for its threads to stop lives until they have", async () => {
  expect(await inProcess(`await threads.stop(); console.log("stopped");`)).toBe("stopped");
});
