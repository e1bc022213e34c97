import { expect, test } from "vitest";
import { expectSameBits, numbers, ordinary, runShares, sizes } from "./shares.ts";
import { type Rule, rmspropMomentum, rules } from "./update-rules.ts";

/** Three steps with both from the same start, compared after each. */
function check(
  rule: Rule,
  n: number,
  threads: number,
  make: (n: number, seed: number) => Float64Array,
): void {
  const x = make(n, 1);
  const slots = rule.slots.map((_, slot) => make(n, slot + 2).map((value) => Math.max(-0, value)));
  const plainX = x.slice();
  const plainSlots = slots.map((slot) => slot.slice());
  for (let t = 1; t <= 3; t++) {
    const g = make(n, 10 + t);
    const step = rule.step(t);
    rule.plain(plainX, g, plainSlots, step);
    const words = {
      length: n,
      step: Float64Array.from(step),
      ...(rule.instruction === "shrink" ? {} : { g }),
      x,
      ...Object.fromEntries(rule.slots.map((name, i) => [name, slots[i]])),
    };
    runShares(rule.instruction, words, rule.numbers, threads);
    const what = `${rule.name}, step ${t}, ${n} numbers, ${threads} threads`;
    expectSameBits(x, plainX, what);
    slots.forEach((slot, i) => {
      expectSameBits(slot, plainSlots[i], `slot ${i} of ${what}`);
    });
  }
}

for (const rule of rules) {
  test(`${rule.name} has the bits of the plain loop`, () => {
    for (const n of sizes) for (const threads of [1, 2, 3]) check(rule, n, threads, ordinary);
  });

  test(`${rule.name} has the bits of the plain loop for special values`, () => {
    for (const n of [7, 2000, 5001]) check(rule, n, 2, numbers);
  });
}

test("a centered variance that rounding makes negative counts as 0", () => {
  const rule = rmspropMomentum(0.9, true, 0, false);
  const constant = (n: number, seed: number): Float64Array =>
    Float64Array.from({ length: n }, (_, i) =>
      seed >= 10 ? 1 / (i + 3) : seed === 2 ? (1 / (i + 3)) ** 2 : 1 / (i + 3),
    );
  check(rule, 200, 1, constant);
});

test("gradients are prepared with the bits of the plain loop, in place too", () => {
  for (const make of [ordinary, numbers]) {
    for (const n of sizes) {
      for (const [factor, limit, decay] of [
        [1, Number.POSITIVE_INFINITY, 0.01],
        [0.37, Number.POSITIVE_INFINITY, 0],
        [1, 0.2, 0],
        [0.9, 1e-3, 0.3],
      ]) {
        const [g, x] = [make(n, 3), make(n, 4)];
        const expected = g.map((value, i) => {
          const cut = Math.min(Math.max(value * factor, -limit), limit);
          return decay === 0 ? cut : cut + decay * x[i];
        });
        for (const threads of [1, 2, 3]) {
          const out = new Float64Array(n).fill(7);
          const what = `${n} numbers by ${factor} to ${limit}, ${decay}, ${threads} threads`;
          const words = { length: n, step: Float64Array.of(factor), g, x, out };
          runShares("prepareGradient", words, [limit, decay], threads);
          expectSameBits(out, expected, what);
          out.set(g);
          const inPlace = { ...words, g: out };
          runShares("prepareGradient", inPlace, [limit, decay], threads);
          expectSameBits(out, expected, `${what}, in place`);
        }
      }
    }
  }
});

test("the numbers of a step are read when it runs", () => {
  const [x, g, step] = [Float64Array.of(1, 1, 1), Float64Array.of(1, 1, 1), Float64Array.of(0.25)];
  runShares("sgd", { length: 3, step, g, x }, [], 1);
  step[0] = 0.5;
  runShares("sgd", { length: 3, step, g, x }, [], 1);
  expect([...x]).toEqual([0.25, 0.25, 0.25]);
});

test("one number that is not finite is found at every place, and nothing among numbers that are", () => {
  const cases = [
    [1, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    [1e158, [2e150, -2e150, Number.NaN]],
  ] as const;
  for (const [n, [scale, bad]] of sizes.flatMap((n) => cases.map((each) => [n, each] as const))) {
    const x = numbers(n, 5).map((value) => (Number.isFinite(value * scale) ? value : -1.5));
    for (const threads of [1, 2, 3]) {
      const found = (): number => {
        const flag = Float64Array.of(0);
        runShares("findNonFinite", { length: n, found: flag, g: x }, [scale], threads);
        return flag[0];
      };
      expect(found(), `${n} finite numbers`).toBe(0);
      for (let i = 0; i < n; i += n > 1000 ? 611 : 1) {
        const kept = x[i];
        x[i] = bad[i % 3];
        expect(found(), `${x[i]} at ${i} of ${n}, ${threads} threads`).toBe(1);
        x[i] = kept;
      }
    }
  }
});
