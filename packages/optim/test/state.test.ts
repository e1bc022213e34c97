import { backward, createRng, matmul, Parameter, square, sum } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Adam, type OptimizerState, SGD } from "../src/index.ts";
import { CONSTRUCTORS, gradientsOf, messageOf, parameter, VARIANTS } from "./support.ts";

/** A small regression whose batches depend on the step alone. */
function training(optimizer: string, options: object) {
  const rng = createRng("state");
  const weight = new Parameter(rng.normal([4, 3]));
  const bias = new Parameter(rng.normal([3]));
  const named = [
    ["weight", weight],
    ["bias", bias],
  ] as const;
  const learningRate = (step: number): number => 0.01 / (1 + 0.1 * step);
  const driver = new CONSTRUCTORS[optimizer](named, { ...options, learningRate });
  return {
    driver,
    bits: () => [...weight.data, ...bias.data].map((x) => new BigUint64Array(Float64Array.of(x).buffer)[0]),
    weights: () => named.map(([, x]) => x.data.slice()),
    load: (values: Float64Array[]) => named.forEach(([, x], i) => void x.assign(values[i])),
    train: (steps: number) => {
      for (let i = 0; i < steps; i++) {
        const inputs = createRng(`batch ${driver.stepCount}`).normal([8, 4]);
        driver.step(backward(sum(square(matmul(inputs, weight).add(bias)))));
      }
    },
  };
}

test.each(VARIANTS)(
  "%s: 2n steps are, bit for bit, n steps, saving, restoring, and n steps",
  (_, optimizer, options) => {
    const n = 20;
    const through = training(optimizer, options);
    through.train(2 * n);
    const first = training(optimizer, options);
    first.train(n);
    const stored = structuredClone(first.driver.state());
    const weights = first.weights();
    first.train(3); // the stored state must not follow
    const second = training(optimizer, options);
    second.train(5); // and must replace whatever was there
    second.load(weights);
    second.driver.restore(stored);
    second.train(n);
    expect(second.bits()).toEqual(through.bits());
    expect(second.driver.stepCount).toBe(2 * n);
  },
);

test("the state is plain data with copies of the slots by parameter name", () => {
  const x = parameter([1, 2]);
  const adam = new Adam([["x", x]], { beta1: 0.5, beta2: 0.5 });
  adam.step(gradientsOf([x], [[2, 4]]));
  const state = adam.state();
  expect(structuredClone(state)).toEqual({
    version: 1,
    optimizer: "Adam",
    stepCount: 1,
    slots: { x: { m: Float64Array.of(1, 2), v: Float64Array.of(2, 8) } },
  });
  state.slots.x.m[0] = 99;
  expect(adam.state().slots.x.m[0]).toBe(1);
});

test("parameters may have any name", () => {
  const names = ["__proto__", "constructor", "1", "0", "", "toString"];
  const make = () => {
    const parameters = names.map((_, i) => parameter([i]));
    return {
      parameters,
      sgd: new SGD(
        parameters.map((x, i) => [names[i], x] as const),
        { momentum: 0.5 },
      ),
    };
  };
  const { parameters, sgd } = make();
  sgd.step(
    gradientsOf(
      parameters,
      names.map((_, i) => [i + 1]),
    ),
  );
  const { sgd: other } = make();
  other.restore(sgd.state());
  expect(names.map((name) => other.state().slots[name].momentum[0])).toEqual([1, 2, 3, 4, 5, 6]);
  expect((Object.prototype as Record<string, unknown>).momentum).toBeUndefined();
});

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
      '"m" of "w" has 3 numbers where the parameter has 2',
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
        '"m" of "w" has 1 numbers where the parameter has 2; "v" of "w" is missing; "b" is missing; "z" is unknown',
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
