import { createContext, runInContext } from "node:vm";
import { createRng, plainProduct, useProduct } from "@gradus/core";
import { simdSupported, useSimd } from "@gradus/engine";
import * as nn from "@gradus/nn";
import { expect, test, vi } from "vitest";
import { bundle } from "./bundle.ts";
import { runEngines } from "./compare.ts";
import { readDigits } from "./digits.ts";
import type { Engine } from "./engines.ts";
import { type JobResult, job, jobInAllWays } from "./job.ts";
import { nets } from "./nets.ts";
import { layers } from "./parts.ts";

const digits = await readDigits(200);
const short = { steps: 3, layerSteps: 1 };
const expected = job(digits, short);
/** The job with a few parts that use different kernels. */
const few = {
  ...short,
  only: ["elementary functions", "SGD with momentum", "Adam", "SELU()", "BatchNorm(22)"],
};
const expectedOfFew = job(digits, few);

test("a part gives the same bits alone", () => {
  expect(Object.keys(expectedOfFew.parts)).toEqual(few.only);
  expect(expected.parts).toMatchObject(expectedOfFew.parts);
});

test("the job gives the same bits when it is run again, with the plainest loops, and in every other way", async () => {
  expect(job(digits, few)).toEqual(expectedOfFew);
  const before = useSimd(false);
  useProduct(plainProduct);
  try {
    expect(job(digits, few)).toEqual(expectedOfFew);
  } finally {
    useSimd(before);
  }
  const ways = await jobInAllWays(digits, few);
  const simd = ["SIMD", "SIMD, compiled", "SIMD, compiled, 2 threads", "SIMD, compiled, 3 threads"];
  expect(Object.keys(ways)).toEqual([
    "plain loops",
    "plain loops, compiled",
    ...(simdSupported() ? simd : []),
  ]);
  for (const [way, result] of Object.entries(ways)) expect(result, way).toEqual(expectedOfFew);
});

test("the bundled script gives these bits too, in a realm with only the language", async () => {
  const realm = createContext({ bytes: JSON.stringify([...digits]) });
  runInContext(await bundle(), realm);
  const result = runInContext(
    `JSON.stringify(gradusJob(Uint8Array.from(JSON.parse(bytes)), ${JSON.stringify(few)}))`,
    realm,
  );
  expect(JSON.parse(result)).toEqual(expectedOfFew);
});

test("every part depends on what it computes: no two have the same hash, and one step more changes the bits", () => {
  expect(new Set(Object.values(expected.parts)).size).toBe(Object.keys(expected.parts).length);
  const more = job(digits, { ...few, steps: 4, layerSteps: 2 });
  const same = few.only.filter((part) => more.parts[part] === expectedOfFew.parts[part]);
  expect(same).toEqual(["elementary functions"]);
  expect(more.hash).not.toBe(expectedOfFew.hash);
});

test("the job has every layer", () => {
  const known = Object.values(nn).filter(
    (value) => typeof value === "function" && typeof value.prototype?.forward === "function",
  );
  const tried = new Set<unknown>([
    ...layers.map((layer) => layer().constructor),
    ...Object.values(nets).flatMap((make) =>
      [...nn.namedLayers(make(createRng(0)))].map(([, layer]) => layer.constructor),
    ),
    nn.Dense,
    nn.FunctionLayer, // of which SELU and its like are made
    nn.Sequential,
    nn.Embedding,
    nn.FunctionLayer, // what the activations are made of
  ]);
  expect(known.filter((layer) => !tried.has(layer))).toEqual([]);
});

test("refuses bytes that are not whole digits", () => {
  expect(() => job(new Uint8Array(786))).toThrow("786 bytes are not a whole number of digits");
  expect(() => job(new Uint8Array(0))).toThrow("0 bytes");
});

test("an engine with other bits, one that fails and one that is missing are reported differently", async () => {
  const printed: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((text) => printed.push(text));
  const fake = (name: string, answer: () => JobResult, installed = true): Engine => ({
    name,
    engine: "V8",
    source: "npm fake",
    find: () => (installed ? ["fake"] : undefined),
    run: async () => ({ version: "1.0", engine: "V8 1", ways: { plain: expected, fast: answer() } }),
  });
  const other = { hash: "0".repeat(64), parts: { ...expected.parts, Adam: "0".repeat(64) } };
  const fakes = [
    fake("good", () => expected),
    fake("other", () => other),
    fake("absent", () => expected, false),
    fake("broken", () => {
      throw new Error("it crashed");
    }),
  ];
  const report = await runEngines(fakes, expected, "");
  log.mockRestore();
  expect(report).toEqual({
    engines: [
      {
        name: "good",
        version: "1.0",
        engine: "V8 1",
        ways: [
          { name: "plain", hash: expected.hash },
          { name: "fast", hash: expected.hash },
        ],
      },
      {
        name: "other",
        version: "1.0",
        engine: "V8 1",
        ways: [
          { name: "plain", hash: expected.hash },
          { name: "fast", hash: other.hash },
        ],
      },
    ],
    notInstalled: ["absent"],
    failed: [{ name: "broken", reason: "it crashed" }],
  });
  const hash = expected.hash.slice(0, 16);
  expect(printed.slice(1).map((line) => line.replace(/ +/g, " ").trim())).toEqual([
    `good 1.0 V8 1 ${hash}… yes, in 2 ways`,
    `other 1.0 V8 1 ${hash}… NO`,
    `fast: ${"0".repeat(16)}…`,
    "differs in: Adam",
    "absent not installed V8 (npm fake)",
    "broken V8 failed NO",
    "it crashed",
  ]);
});
