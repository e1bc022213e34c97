import { createRng } from "@gradus/core";
import { threads } from "@gradus/engine";
import { namedParameters } from "@gradus/nn";
import { expect, test, vi } from "vitest";
import { drawDigit, sideBySide } from "../../../examples/mnist/digits.ts";
import { run } from "../../../examples/mnist/main.ts";
import { presets } from "../../../examples/mnist/presets.ts";

test("the presets have the described nets", () => {
  const weights = Object.entries(presets).map(([name, preset]) => [
    name,
    namedParameters(preset.net(createRng(0))).reduce((total, [, parameter]) => total + parameter.size, 0),
  ]);
  expect(Object.fromEntries(weights)).toEqual({
    quick: 102_070, // 784·120 + 120 + 120·60 + 60 + 60·10 + 10
    lenet: 35_474, // 5·5·8 + 8 + 5·5·8·16 + 16 + 4·4·16·120 + 120 + 120·10 + 10
    keras: 669_706, // 784·512 + 512 + 512·512 + 512 + 512·10 + 10
    tf1: 1_195_018, // 784·512 + 512 + 3·(512·512 + 512) + 512·10 + 10
    "tf1-fixed": 1_195_018,
  });
});

test("the TensorFlow script has random biases and no dropout, its corrected twin the opposite", () => {
  const layers = (name: string): string => String(presets[name].net(createRng(0)));
  expect([layers("tf1").includes("AlphaDropout"), layers("tf1-fixed").includes("AlphaDropout")]).toEqual([
    false,
    true,
  ]);
  const bias = (name: string): number[] =>
    [...(namedParameters(presets[name].net(createRng(0))).at(-1)?.[1].data ?? [])].map(Math.abs);
  expect(Math.max(...bias("tf1"))).toBeGreaterThan(0.5);
  expect(Math.max(...bias("tf1-fixed"))).toBe(0);
});

test("a short run on real images learns, and the same seed gives the same numbers", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const once = () => run({ preset: "quick", epochs: 1, seed: "test", limit: 1200 });
  const [first, second] = [await once(), await once()];
  log.mockRestore();
  write.mockRestore();
  expect(first.testAccuracy).toBeGreaterThan(0.7);
  const { epochs, ...rest } = first;
  expect(second).toMatchObject(rest);
  expect(epochs.map(({ loss, valLoss }) => [loss, valLoss])).toEqual(
    second.epochs.map(({ loss, valLoss }) => [loss, valLoss]),
  );
});

test("the convolutional net learns on real images, with two threads", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  const write = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const { testAccuracy } = await run({ preset: "lenet", epochs: 1, seed: "test", limit: 1200, threads: 2 });
  await threads(1);
  log.mockRestore();
  write.mockRestore();
  expect(testAccuracy).toBeGreaterThan(0.6);
});

test("a character shows two pixels, and digits are drawn side by side as far as they fit", () => {
  const pixels = new Uint8Array(784).fill(255, 0, 56);
  const lines = drawDigit(pixels);
  expect([lines.length, lines[0], lines[1]]).toEqual([14, "@".repeat(28), " ".repeat(28)]);
  const blocks = [
    { caption: "a", lines },
    { caption: "b", lines },
  ];
  expect(sideBySide(blocks, 58).split("\n")).toHaveLength(15);
  expect(sideBySide(blocks, 57).split("\n")).toHaveLength(30);
});
