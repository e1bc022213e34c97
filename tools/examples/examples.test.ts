import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as heart from "../../examples/00-heart.ts";
import * as derivative from "../../examples/01-derivative.ts";
import * as graph from "../../examples/02-graph.ts";
import * as regression from "../../examples/03-linear-regression.ts";
import * as xor from "../../examples/04-xor.ts";
import * as ownOp from "../../examples/05-write-your-own-op.ts";
import * as spirals from "../../examples/06-spirals.ts";
import * as conv from "../../examples/07-conv.ts";
import * as series from "../../examples/08-series.ts";
import * as characters from "../../examples/09-characters.ts";
import * as autoencoder from "../../examples/10-autoencoder.ts";

beforeEach(() => {
  vi.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

test("01: three derivatives agree, and the second is right", () => {
  const { byHand, byBackward, byGrad, second } = derivative.main();
  expect(byBackward).toBeCloseTo(byHand, 14);
  expect(byGrad).toBe(byBackward);
  // f″ = 2·sech²x·(1 − x·tanh x)
  const t = Math.tanh(0.5);
  expect(second).toBeCloseTo(2 * (1 - t * t) * (1 - 0.5 * t), 13);
});

test("02: the graph is drawn from the loss down to the parameters", () => {
  const names = graph.main().lines.map((line) => line.trim().split(" ")[0]);
  expect(names).toEqual(["div", "sum", "square", "selu", "add", "matmul", "x", "weight", "bias", "constant"]);
});

test("03: the line is learned", () => {
  const { losses, slope, intercept } = regression.main({ steps: 200 });
  expect(losses[199]).toBeLessThan(losses[0] / 50);
  expect(Math.abs(slope - 2)).toBeLessThan(0.1);
  expect(Math.abs(intercept + 1)).toBeLessThan(0.1);
});

test("04: XOR is learned", () => {
  const { losses, outputs } = xor.main({ steps: 150 });
  expect(losses[149]).toBeLessThan(losses[0] / 5);
  expect(outputs.map(Math.round)).toEqual([0, 1, 1, 0]);
});

test("05: the op passes the gradient checks, the wrong one fails", () => {
  const { checked, caught } = ownOp.main();
  expect(checked).toBeGreaterThanOrEqual(5);
  expect(caught).toMatch(/gradcheck\(wrong\(\[1\]\)\): input 1, element 0 \(x = 0.5\): analytic/);
});

test("06: the loss falls and a picture is written", () => {
  const { losses, file } = spirals.main({ steps: 40 });
  expect(losses[39]).toBeLessThan(losses[0]);
  expect(file).toBe("out/spirals.svg");
});

test("07: the loss falls, and the picture has eight filters, three digits and what the filters find", async () => {
  const { losses, file } = await conv.main({ steps: 30 });
  expect(losses[29]).toBeLessThan(losses[0] / 2);
  expect(file).toBe("out/filters.svg");
  expect(readFileSync(file, "utf8").match(/<g transform/g)).toHaveLength(3 + 8 * 4);
});

test("08: the loss falls, the jump is marked, and nothing far from an anomaly is", () => {
  const { losses, found, file } = series.main({ steps: 80 });
  expect(losses[79]).toBeLessThan(losses[0] / 20);
  expect(found).toContain(420);
  // The step after an anomaly, where the series jumps back, is not expected either.
  const near = (t: number) => (t >= 420 && t <= 421) || (t >= 481 && t <= 491) || (t >= 560 && t <= 567);
  expect(found.filter((t) => !near(t))).toEqual([]);
  expect(file).toBe("out/series.svg");
});

test("09: the transformer predicts characters better than the bigram, and the lines fit 80 columns", () => {
  const { losses, right } = characters.main({ steps: 50, count: 3 });
  const [loss, bigram] = losses[50];
  expect(loss).toBeLessThan(bigram);
  expect(bigram).toBeLessThan(losses[0][1] / 1.5);
  expect(right).toBeGreaterThanOrEqual(0);
  const lines = vi.mocked(console.log).mock.calls.flatMap(([text]) => String(text).split("\n"));
  expect(lines.some((line) => line.startsWith("After training"))).toBe(true);
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
});

test("10: the loss falls, and a picture of the plane has the points and the drawn digits", async () => {
  const { losses, file } = await autoencoder.main({ steps: 30 });
  expect(losses[29]).toBeLessThan(losses[0] / 1.3);
  expect(file).toBe("out/autoencoder.svg");
  const svg = readFileSync(file, "utf8");
  expect(svg.match(/<text /g)).toHaveLength(1000);
  expect(svg).not.toContain("NaN");
});

test("00: XOR is learned exactly, with the heart alone", () => {
  const { losses, outputs } = heart.main();
  expect(losses.at(-1)).toBeLessThan(1e-6 * losses[0]);
  expect(outputs.map(Math.round).map(Math.abs)).toEqual([0, 1, 1, 0]);
});
