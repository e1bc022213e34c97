import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  constantRate,
  cosineDecay,
  exponentialDecay,
  inverseTimeDecay,
  linearDecay,
  multiStepDecay,
  oneCycle,
  polynomialDecay,
  type Schedule,
  stepDecay,
  warmUp,
} from "../src/index.ts";
import { messageOf } from "./support.ts";

const rates = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => schedule(step));

// Values of PyTorch 1.13's schedulers; a last one past the end where ours goes on.
const TABLE: [name: string, schedule: Schedule, expected: number[]][] = [
  ["constantRate", constantRate(0.1), [0.1, 0.1, 0.1]],
  ["stepDecay", stepDecay(0.1, { every: 3, factor: 0.5 }), [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025]],
  ["stepDecay by its default", stepDecay(1, { every: 1 }), [1, 0.1, 0.01]],
  ["multiStepDecay", multiStepDecay(0.1, { at: [2, 5] }), [0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001]],
  ["exponentialDecay", exponentialDecay(0.1, { factor: 0.9 }), [0.1, 0.09, 0.081, 0.0729, 0.06561]],
  [
    "exponentialDecay, stretched",
    exponentialDecay(0.1, { factor: 0.25, every: 2 }),
    [0.1, 0.05, 0.025, 0.0125],
  ],
  ["inverseTimeDecay", inverseTimeDecay(0.1, { decay: 0.5 }), [0.1, 0.1 / 1.5, 0.05]],
  ["linearDecay", linearDecay(0.1, { steps: 4, to: 0.02 }), [0.1, 0.08, 0.06, 0.04, 0.02, 0.02]],
  ["polynomialDecay", polynomialDecay(0.1, { steps: 4, power: 2 }), [0.1, 0.05625, 0.025, 0.00625, 0, 0]],
  ["polynomialDecay to a rate", polynomialDecay(0.1, { steps: 2, to: 0.02 }), [0.1, 0.06, 0.02, 0.02]],
  ["linearDecay by its default", linearDecay(0.1, { steps: 2 }), [0.1, 0.05, 0, 0]],
  [
    "cosineDecay",
    cosineDecay(0.1, { steps: 5, minimum: 0.01 }),
    [0.1, 0.09140576474687263, 0.06890576474687263, 0.04109423525312736, 0.018594235253127367, 0.01, 0.01],
  ],
  [
    "cosineDecay with growing restarts",
    cosineDecay(0.1, { steps: 2, minimum: 0.01, restarts: true, growth: 2 }),
    [
      0.1, 0.055, 0.1, 0.08681980515339464, 0.055, 0.023180194846605363, 0.1, 0.0965745789630079,
      0.08681980515339464,
    ],
  ],
  [
    "cosineDecay with equal restarts",
    cosineDecay(0.1, { steps: 2, restarts: true }),
    [0.1, 0.05, 0.1, 0.05, 0.1],
  ],
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
  ["warmUp", warmUp(linearDecay(0.1, { steps: 2 }), 3), [0.025, 0.05, 0.075, 0.1, 0.05, 0, 0]],
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

test("multiStepDecay keeps its own copy of the milestones", () => {
  const at = [2];
  const schedule = multiStepDecay(1, { at });
  at[0] = 0;
  expect(schedule(1)).toBe(1);
});

describe("bad arguments", () => {
  const bad = (value: unknown) => value as number;
  const refusals: [act: () => Schedule, message: string][] = [
    [() => constantRate(-1), "constantRate: rate must be a finite number ≥ 0, got -1"],
    [() => constantRate(bad("1")), 'constantRate: rate must be a finite number ≥ 0, got "1"'],
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
      () => multiStepDecay(1, { at: [3, 2] }),
      "multiStepDecay: at must be a list of whole numbers ≥ 0, each larger than the one before, got [3,2]",
    ],
    [
      () => multiStepDecay(1, { at: [0.5] }),
      "multiStepDecay: at must be a list of whole numbers ≥ 0, each larger than the one before, got [0.5]",
    ],
    [() => exponentialDecay(1, { factor: 0 }), "exponentialDecay: factor must be a finite number > 0, got 0"],
    [
      () => exponentialDecay(1, { factor: 0.5, every: 1.5 }),
      "exponentialDecay: every must be a whole number ≥ 1, got 1.5",
    ],
    [() => inverseTimeDecay(1, { decay: -1 }), "inverseTimeDecay: decay must be a finite number ≥ 0, got -1"],
    [() => linearDecay(1, { steps: 0 }), "linearDecay: steps must be a whole number ≥ 1, got 0"],
    [() => linearDecay(1, { steps: 1, to: -1 }), "linearDecay: to must be a finite number ≥ 0, got -1"],
    [() => linearDecay(1, bad(5) as never), "linearDecay: needs an options object { steps, to }, got 5"],
    [
      () => linearDecay(1, bad(undefined) as never),
      "linearDecay: it makes a schedule, and got one argument; call it: linearDecay(0.1, { steps })",
    ],
    [
      () => cosineDecay(1, { steps: Infinity }),
      "cosineDecay: steps must be a whole number ≥ 1, got Infinity",
    ],
    [
      () => cosineDecay(1, { steps: 1, minimum: -1 }),
      "cosineDecay: minimum must be a finite number ≥ 0, got -1",
    ],
    [
      () => cosineDecay(1, { steps: 1, restarts: bad(1) as never }),
      "cosineDecay: restarts must be true or false, got 1",
    ],
    [
      () => cosineDecay(1, { steps: 1, growth: 0.5 }),
      "cosineDecay: growth must be a whole number ≥ 1, got 0.5",
    ],
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

describe("K13: a schedule refuses a step that is none; some would never end, others would go on as text", () => {
  const schedules: [string, Schedule][] = [...TABLE.map(([name, schedule]): [string, Schedule] => [name, schedule]), ["warmUp", warmUp(0.1, 2)]]; // biome-ignore format: one line
  test.each(schedules)("%s", (_, schedule) => {
    for (const step of ["1", -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, undefined, 1n]) {
      expect(() => schedule(step as number)).toThrow(
        /^the schedule \w+: the step must be a whole number ≥ 0, got /,
      );
    }
    expect(() => (schedule as (...args: number[]) => number)(1, 2)).toThrow(
      /takes nothing after step, got 2/,
    );
  });
});
