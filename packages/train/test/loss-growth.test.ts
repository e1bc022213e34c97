import { createRng, mse } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from "vitest";
import { fit } from "../src/fit.ts";
import { LossGrowth } from "../src/loss-growth.ts";

let warned: MockInstance<typeof console.warn>;
beforeEach(() => {
  warned = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => {
  warned.mockRestore();
});

test("K14: a loss that grows a thousandfold gives one warning, and training goes on", async () => {
  const x = Array.from({ length: 24 }, (_, i) => i + 1);
  const data = new Dataset({ inputs: x.map((v) => [v]), targets: x.map((v) => [v + 2]) });
  const net = new Dense(1, 1, { rng: createRng("net") });
  const optimizer = new SGD(namedParameters(net), { learningRate: 0.01 });
  const history = await fit(net, data, {
    optimizer,
    loss: mse,
    epochs: 10,
    batchSize: 32,
    rng: createRng("fit"),
  });
  expect(history.epochs).toHaveLength(10);
  expect(history.last?.loss).toBeGreaterThan(1e6);
  expect(warned).toHaveBeenCalledOnce();
  expect(warned.mock.calls[0][0]).toMatch(
    /^fit: the loss has grown from [\d.]+ to [\d.e+]+ in epoch \d: training diverges\. Try/,
  );
  expect(warned.mock.calls[0][0]).not.toMatch("\n");
});

/** Whether these losses give a warning. */
function warns(losses: readonly number[], batches = losses.length): boolean {
  warned.mockClear();
  const growth = new LossGrowth(batches);
  for (const loss of losses) growth.see(loss, 1);
  return warned.mock.calls.length > 0;
}

const series = (n: number, at: (i: number) => number): number[] => Array.from({ length: n }, (_, i) => at(i));

test("K14: growth within one long epoch, and slow growth over many, are seen", () => {
  expect(warns(series(100, (i) => 1.5 ** i))).toBe(true);
  expect(
    warns(
      series(300, (i) => 1.03 ** i),
      1,
    ),
  ).toBe(true);
  expect(
    warns(
      series(5, (i) => 10 ** i),
      1,
    ),
  ).toBe(true);
  expect(warns([5, 4999], 1)).toBe(false);
  expect(warns([5, 5000], 1)).toBe(true);
});

test("K14: single hard samples, noise, falling and negative losses, and a start of 0 give no warning", () => {
  expect(warns(series(1000, (i) => (i % 7 === 6 ? 50 : 1e-6)))).toBe(false);
  expect(warns(series(1000, (i) => 1 / (i + 1)))).toBe(false);
  expect(warns(series(1000, (i) => -(1.5 ** i)))).toBe(false);
  expect(warns([0, 0, 0, 1, 2, 1], 1)).toBe(false);
  expect(warns([0, 0, 0, 1, 2, 1000], 1)).toBe(true);
  expect(warns(series(50, () => Number.NaN))).toBe(false);
});
