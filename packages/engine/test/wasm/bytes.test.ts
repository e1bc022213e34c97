import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bytesFile, compile, modules } from "../../../../tools/build/build-kernels.ts";
import { createInstance, createMemory, isSupported, webAssembly } from "../../src/wasm/module.ts";

test.each(Object.entries(modules))(
  "%s has the kernels of packages/engine/assembly; if not, run pnpm build:kernels",
  async (path, entry) => {
    const file = readFileSync(new URL(`../../../../${path}`, import.meta.url), "utf8");
    // Not toBe, which would print a difference of 30,000 characters.
    expect(file === (await bytesFile(entry))).toBe(true);
  },
);

test("a module that comes with ops has no data, which each instance would write to the shared memory anew", async () => {
  for (const entry of Object.values(modules).slice(1)) {
    const code = await compile(entry);
    const sections: number[] = [];
    for (let at = 8; at < code.length; ) {
      sections.push(code[at++]);
      let [size, shift] = [0, 0];
      do size |= (code[at] & 127) << (shift++ * 7);
      while (code[at++] & 128);
      at += size;
    }
    expect(sections).toContain(10);
    expect(sections).not.toContain(11);
  }
});

test("the kernels say where free memory begins, and several instances can share one memory", () => {
  const memory = createMemory(2);
  const [one, other] = [createInstance(memory), createInstance(memory)];
  expect(one.heapBase()).toBeGreaterThan(1024);
  expect(one.heapBase()).toBeLessThan(65_536);
  expect(other.heapBase()).toBe(one.heapBase());
  expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
});

test("a memory is made as large as asked, and can grow", () => {
  const memory = createMemory(3);
  expect(memory.buffer.byteLength).toBe(3 * 65_536);
  expect(memory.grow(2)).toBe(3);
  expect(memory.buffer.byteLength).toBe(5 * 65_536);
});

// NO_SIMD=1 replaces the very function that these two are about.
const withSimd = test.skipIf(process.env.NO_SIMD);

withSimd("a host without WebAssembly, or whose WebAssembly has no SIMD, cannot run the kernels", () => {
  const api = webAssembly()!;
  expect(isSupported()).toBe(true);
  expect(isSupported({ ...api, validate: () => false })).toBe(false);
  const { WebAssembly } = globalThis as { WebAssembly?: unknown };
  try {
    Object.assign(globalThis, { WebAssembly: undefined });
    expect(isSupported()).toBe(false);
  } finally {
    Object.assign(globalThis, { WebAssembly });
  }
});

withSimd("the module that a host must accept is valid, and has SIMD and atomics in it", () => {
  let probe = new Uint8Array();
  const api = webAssembly()!;
  isSupported({
    ...api,
    validate: (bytes) => {
      probe = Uint8Array.from(bytes);
      return true;
    },
  });
  expect(api.validate(probe)).toBe(true);
  // Each of them spoiled makes it invalid: they are really looked at.
  for (const instruction of [0xfd, 0xfe]) {
    const spoiled = probe.slice();
    spoiled[spoiled.lastIndexOf(instruction) + 1] = 0x7f;
    spoiled[spoiled.lastIndexOf(instruction)] = 0xff;
    expect(api.validate(spoiled)).toBe(false);
  }
});
