import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  constant,
  cosine,
  exponential,
  inverseTime,
  linear,
  multiStep,
  oneCycle,
  type Schedule,
  stepDecay,
  warmUp,
} from "../src/index.ts";
import { messageOf } from "./support.ts";

const rates = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => schedule(step));

// Values of PyTorch 1.13's schedulers; a last one past the end where ours goes on.
const TABLE: [name: string, schedule: Schedule, expected: number[]][] = [
  ["constant", constant(0.1), [0.1, 0.1, 0.1]],
  ["stepDecay", stepDecay(0.1, { every: 3, factor: 0.5 }), [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025]],
  ["stepDecay by its default", stepDecay(1, { every: 1 }), [1, 0.1, 0.01]],
  ["multiStep", multiStep(0.1, { at: [2, 5] }), [0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001]],
  ["exponential", exponential(0.1, { factor: 0.9 }), [0.1, 0.09, 0.081, 0.0729, 0.06561]],
  ["exponential, stretched", exponential(0.1, { factor: 0.25, every: 2 }), [0.1, 0.05, 0.025, 0.0125]],
  ["inverseTime", inverseTime(0.1, { decay: 0.5 }), [0.1, 0.1 / 1.5, 0.05]],
  ["linear", linear(0.1, { steps: 4, to: 0.02 }), [0.1, 0.08, 0.06, 0.04, 0.02, 0.02]],
  ["linear by its default", linear(0.1, { steps: 2 }), [0.1, 0.05, 0, 0]],
  [
    "cosine",
    cosine(0.1, { steps: 5, minimum: 0.01 }),
    [0.1, 0.09140576474687263, 0.06890576474687263, 0.04109423525312736, 0.018594235253127367, 0.01, 0.01],
  ],
  [
    "cosine with growing restarts",
    cosine(0.1, { steps: 2, minimum: 0.01, restarts: true, growth: 2 }),
    [
      0.1, 0.055, 0.1, 0.08681980515339464, 0.055, 0.023180194846605363, 0.1, 0.0965745789630079,
      0.08681980515339464,
    ],
  ],
  ["cosine with equal restarts", cosine(0.1, { steps: 2, restarts: true }), [0.1, 0.05, 0.1, 0.05, 0.1]],
  [
    "oneCycle",
    oneCycle(0.1, { steps: 10 }),
    [
      0.004, 0.052, 0.1, 0.09504846320134738, 0.0811745653949763, 0.06112620219362893, 0.03887419780637107,
      0.0188258346050237, 0.004951936798652629, 4e-7, 4e-7,
    ],
  ],
  [
    "oneCycle with all options",
    oneCycle(0.1, { steps: 7, riseFraction: 0.5, startDivisor: 10, endDivisor: 100 }),
    [
      0.01, 0.041094235253127366, 0.09140576474687263, 0.09505339495172584, 0.06116492065111791,
      0.018906684397156263, 0.0001, 0.0001,
    ],
  ],
  ["warmUp", warmUp(linear(0.1, { steps: 2 }), 3), [0.025, 0.05, 0.075, 0.1, 0.05, 0, 0]],
  ["warmUp of a number", warmUp(0.1, 1), [0.05, 0.1, 0.1]],
  ["warmUp of no steps", warmUp(stepDecay(0.1, { every: 1 }), 0), [0.1, 0.01]],
];

test.each(TABLE)("%s gives its rates step by step", (_, schedule, expected) => {
  rates(schedule, expected.length).forEach((rate, step) => {
    expect(Math.abs(rate - expected[step]), `step ${step}: ${rate}`).toBeLessThan(1e-15);
  });
});

test.each(TABLE)("%s is a function of the step alone, finite and never negative", (_, schedule) => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 31 - 1 }), (step) => {
      const rate = schedule(step);
      return rate >= 0 && Number.isFinite(rate) && Object.is(rate, schedule(step));
    }),
  );
});

test("oneCycle reaches its peak, whatever its length", () => {
  for (let steps = 10; steps < 60; steps++) {
    expect(Math.max(...rates(oneCycle(1, { steps }), steps))).toBeGreaterThan(0.9);
    expect(oneCycle(1, { steps })(steps - 1)).toBe(1 / 25 / 1e4);
  }
  for (const steps of [1, 2, 3])
    expect(rates(oneCycle(1, { steps, riseFraction: 0 }), 5).every(Number.isFinite)).toBe(true);
});

test("multiStep keeps its own copy of the milestones", () => {
  const at = [2];
  const schedule = multiStep(1, { at });
  at[0] = 0;
  expect(schedule(1)).toBe(1);
});

describe("bad arguments", () => {
  const bad = (value: unknown) => value as number;
  const refusals: [act: () => Schedule, message: string][] = [
    [() => constant(-1), "constant: rate must be a finite number ≥ 0, got -1"],
    [() => constant(bad("1")), 'constant: rate must be a finite number ≥ 0, got "1"'],
    [() => stepDecay(Number.NaN, { every: 1 }), "stepDecay: rate must be a finite number ≥ 0, got NaN"],
    [() => stepDecay(1, { every: 0 }), "stepDecay: every must be a whole number ≥ 1, got 0"],
    [
      () => stepDecay(1, {} as { every: number }),
      "stepDecay: every must be a whole number ≥ 1, got undefined",
    ],
    [() => stepDecay(1, { every: 1, factor: -1 }), "stepDecay: factor must be a finite number ≥ 0, got -1"],
    [
      () => stepDecay(1, { every: 1, gamma: 0.5 } as unknown as { every: number }),
      'stepDecay: unknown option "gamma"; did you mean "factor"? It takes { every, factor }',
    ],
    [
      () => multiStep(1, { at: [3, 2] }),
      "multiStep: at must be a list of whole numbers ≥ 0, each larger than the one before, got [3,2]",
    ],
    [
      () => multiStep(1, { at: [0.5] }),
      "multiStep: at must be a list of whole numbers ≥ 0, each larger than the one before, got [0.5]",
    ],
    [() => exponential(1, { factor: 0 }), "exponential: factor must be a finite number > 0, got 0"],
    [
      () => exponential(1, { factor: 0.5, every: 1.5 }),
      "exponential: every must be a whole number ≥ 1, got 1.5",
    ],
    [() => inverseTime(1, { decay: -1 }), "inverseTime: decay must be a finite number ≥ 0, got -1"],
    [() => linear(1, { steps: 0 }), "linear: steps must be a whole number ≥ 1, got 0"],
    [() => linear(1, { steps: 1, to: -1 }), "linear: to must be a finite number ≥ 0, got -1"],
    [() => linear(1, bad(5) as never), "linear: needs an options object { steps, to }, got 5"],
    [
      () => linear(1, bad(undefined) as never),
      "linear: needs an options object { steps, to }, got undefined",
    ],
    [() => cosine(1, { steps: Infinity }), "cosine: steps must be a whole number ≥ 1, got Infinity"],
    [() => cosine(1, { steps: 1, minimum: -1 }), "cosine: minimum must be a finite number ≥ 0, got -1"],
    [
      () => cosine(1, { steps: 1, restarts: bad(1) as never }),
      "cosine: restarts must be true or false, got 1",
    ],
    [() => cosine(1, { steps: 1, growth: 0.5 }), "cosine: growth must be a whole number ≥ 1, got 0.5"],
    [() => oneCycle(1, { steps: 0 }), "oneCycle: steps must be a whole number ≥ 1, got 0"],
    [() => oneCycle(1, { steps: 9, riseFraction: 1 }), "oneCycle: riseFraction must be in [0, 1), got 1"],
    [
      () => oneCycle(1, { steps: 9, startDivisor: 0 }),
      "oneCycle: startDivisor must be a finite number > 0, got 0",
    ],
    [
      () => oneCycle(1, { steps: 9, endDivisor: 0 }),
      "oneCycle: endDivisor must be a finite number > 0, got 0",
    ],
    [() => warmUp(1, -1), "warmUp: steps must be a whole number ≥ 0, got -1"],
    [
      () => warmUp(bad("x"), 1),
      'warmUp: schedule must be a finite number ≥ 0 or a function of the step, got "x"',
    ],
  ];
  test.each(refusals)("case %#", (act, message) => {
    expect(messageOf(act)).toBe(`ArgumentError: ${message}`);
  });
});
