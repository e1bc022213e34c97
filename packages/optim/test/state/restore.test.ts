import { describe, expect, test } from "vitest";
import { Adam, type OptimizerState, SGD } from "../../src/index.ts";
import { gradientsOf, messageOf, parameter } from "../support.ts";

describe("restore", () => {
  const make = () => {
    const [w, b] = [parameter([1, 2]), parameter([3])];
    const adam = new Adam([
      ["w", w],
      ["b", b],
    ]);
    adam.step(gradientsOf([w, b], [[1, 2], [3]]));
    return adam;
  };
  type Draft = { -readonly [K in keyof OptimizerState]: unknown } & {
    slots: Record<string, Record<string, unknown>>;
  };
  const refusals: [what: string, spoil: (state: Draft) => void, problem: string][] = [
    [
      "a missing parameter",
      (s) => {
        delete s.slots.b;
      },
      '"b" is missing',
    ],
    [
      "an unknown parameter",
      (s) => {
        s.slots.c = { ...s.slots.b };
      },
      '"c" is unknown',
    ],
    [
      "a missing slot",
      (s) => {
        delete s.slots.w.v;
      },
      '"v" of "w" is missing',
    ],
    [
      "an unknown slot",
      (s) => {
        s.slots.w.largest = new Float64Array(2);
      },
      '"largest" of "w" is unknown',
    ],
    [
      "a slot of another length",
      (s) => {
        s.slots.w.m = new Float64Array(3);
      },
      '"m" of "w" has 3 numbers, the parameter 2',
    ],
    [
      "a slot of another kind",
      (s) => {
        s.slots.w.m = [1, 2];
      },
      '"m" of "w" must be a Float64Array, got [1,2]',
    ],
    [
      "a float32 slot",
      (s) => {
        s.slots.w.m = new Float32Array(2);
      },
      '"m" of "w" must be a Float64Array, got Float32Array',
    ],
    [
      "a negative step",
      (s) => {
        s.stepCount = -1;
      },
      "stepCount must be a whole number ≥ 0, got -1",
    ],
    [
      "a fractional step",
      (s) => {
        s.stepCount = 1.5;
      },
      "stepCount must be a whole number ≥ 0, got 1.5",
    ],
    [
      "a step that is no number",
      (s) => {
        s.stepCount = "7";
      },
      'stepCount must be a whole number ≥ 0, got "7"',
    ],
    [
      "another optimizer",
      (s) => {
        s.optimizer = "RMSprop";
      },
      'it is a state of "RMSprop", not of Adam',
    ],
    [
      "no optimizer",
      (s) => {
        delete s.optimizer;
      },
      "it is a state of undefined, not of Adam",
    ],
    [
      "a newer version",
      (s) => {
        s.version = 2;
      },
      "version 2 is not known, only 1",
    ],
    [
      "no version",
      (s) => {
        delete s.version;
      },
      "version undefined is not known, only 1",
    ],
    ["no slots", (s) => void Object.assign(s, { slots: null }), "slots must be an object, got null"],
    ["a parameter without slots", (s) => void Object.assign(s.slots, { w: 5 }), '"w" is missing'],
  ];
  test.each(refusals)("refuses %s and changes nothing", (_, spoil, problem) => {
    const state = structuredClone(make().state());
    spoil(state as unknown as Draft);
    const [w, b] = [parameter([1, 2]), parameter([3])];
    const fresh = new Adam([
      ["w", w],
      ["b", b],
    ]);
    const before = fresh.state();
    expect(messageOf(() => fresh.restore(state))).toBe(
      `FormatError: adam.restore: the state does not fit: ${problem}`,
    );
    expect(fresh.state()).toEqual(before);
  });

  test("lists all errors in one message", () => {
    const adam = make();
    const state = {
      version: 9,
      optimizer: "SGD",
      stepCount: -3,
      slots: { w: { m: new Float64Array(1) }, z: {} },
    };
    expect(messageOf(() => adam.restore(state as unknown as OptimizerState))).toBe(
      "FormatError: adam.restore: the state does not fit: version 9 is not known, only 1; " +
        'it is a state of "SGD", not of Adam; stepCount must be a whole number ≥ 0, got -3; ' +
        '"m" of "w" has 1 numbers, the parameter 2; "v" of "w" is missing; "b" is missing; "z" is unknown',
    );
    expect(adam.stepCount).toBe(1);
  });

  test.each([undefined, null, 5, "state"])("refuses %s", (state) => {
    expect(messageOf(() => make().restore(state as unknown as OptimizerState))).toMatch(
      /^FormatError: adam\.restore: not the state of an optimizer: /,
    );
  });

  test("copies the slots of the state", () => {
    const adam = make();
    const state = structuredClone(adam.state());
    const [w, b] = [parameter([1, 2]), parameter([3])];
    const fresh = new Adam([
      ["w", w],
      ["b", b],
    ]);
    fresh.restore(state);
    expect(fresh.state()).toEqual(adam.state());
    state.slots.w.m[0] = 99;
    expect(fresh.state()).toEqual(adam.state());
  });

  test("refuses a momentum buffer of the other convention", () => {
    const x = parameter([1]);
    const torch = new SGD([["x", x]], { momentum: 0.9 });
    const keras = new SGD([["x", x]], { momentum: 0.9, preset: "keras" });
    expect(messageOf(() => keras.restore(torch.state()))).toMatch(
      /"velocity" of "x" is missing; "momentum" of "x" is unknown/,
    );
  });

  test("needs no entry for parameters without slots", () => {
    const sgd = new SGD([["x", parameter([1])]]);
    sgd.restore({ version: 1, optimizer: "SGD", stepCount: 12, slots: {} });
    expect(sgd.stepCount).toBe(12);
  });

  test("works for the largest step count", () => {
    const adam = make();
    adam.restore({ ...adam.state(), stepCount: Number.MAX_SAFE_INTEGER - 1 });
    expect(adam.stepCount).toBe(Number.MAX_SAFE_INTEGER - 1);
  });
});
