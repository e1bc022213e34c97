import {
  ArgumentError,
  backward,
  concat,
  createRng,
  flatten,
  flip,
  formatShape,
  GradusError,
  mul,
  relu,
  type Shape,
  ShapeError,
  slice,
  sum,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "@gradus/core";
import { gradcheck, gradgradcheck } from "@gradus/core/testing";
import { describe, expect, test } from "vitest";
import {
  Bidirectional,
  GRU,
  type Layer,
  LSTM,
  namedParameters,
  type Recurrent,
  type SequenceOptions,
  SimpleRNN,
} from "../../../src/index.ts";
import { awayFromKinks, checkLayer } from "../../support.ts";
import { cellsOf, expectNear, type GoldenCase, golden, layerOf, parametersOf, read } from "./golden.ts";

const optionsOf = ({ initial, lengths, mask }: GoldenCase): SequenceOptions => ({
  ...(initial ? { states: initial.map(read) } : {}),
  ...(lengths ? { lengths } : {}),
  ...(mask ? { mask: read(mask) } : {}),
});
const named = golden.cases.map((item) => [item.name, item] as const);

test.each(named)("%s: outputs and states are those of PyTorch, or of NumPy where it has none", (_, item) => {
  const { output, states } = layerOf(item).run(read(item.x), optionsOf(item));
  expectNear(output, item.output, 1e-13, "output");
  expect(states.length).toBe(item.states.length);
  states.forEach((state, i) => {
    expectNear(state, item.states[i], 1e-13, `state ${i}`);
  });
});

test.each(named.filter(([, { gradients }]) => gradients))("%s: gradients are those of PyTorch", (_, item) => {
  const layer = layerOf(item);
  const x = variable(read(item.x));
  const gradients = backward(sum(mul(layer.run(x, optionsOf(item)).output, read(item.cotangent!))));
  expectNear(gradients.of(x), item.gradients!.x, 1e-12, "x");
  cellsOf(layer).forEach((cells, direction) => {
    cells.forEach((cell, i) => {
      for (const name of parametersOf(cell)) {
        const expected = item.gradients!.cells[direction][i][name]!;
        expectNear(gradients.of(cell[name]!), expected, 1e-12, `${direction}.${i}.${name}`);
      }
    });
  });
});

describe("run", () => {
  const rng = createRng("run");
  const kinds = {
    SimpleRNN: (options: object = {}) => new SimpleRNN(3, 2, { rng, ...options }),
    "SimpleRNN with relu": (options: object = {}) =>
      new SimpleRNN(3, 2, { rng, activation: relu, ...options }),
    GRU: (options: object = {}) => new GRU(3, 2, { rng, ...options }),
    "GRU with resetAfter: false": (options: object = {}) =>
      new GRU(3, 2, { rng, resetAfter: false, ...options }),
    LSTM: (options: object = {}) => new LSTM(3, 2, { rng, ...options }),
  };

  test.each(Object.entries(kinds))("%s goes on from given states as if it had not stopped", (_, make) => {
    const layer = make({ layers: 2, returnSequences: true });
    const x = rng.normal([2, 5, 3]);
    const whole = layer.run(x);
    const first = layer.run(slice(x, { axis: 1, end: 2 }));
    const second = layer.run(slice(x, { axis: 1, start: 2 }), { states: first.states });
    expect(concat([first.output, second.output], { axis: 1 }).toArray()).toEqual(whole.output.toArray());
    expect(second.states.map((state) => state.toArray())).toEqual(
      whole.states.map((state) => state.toArray()),
    );
  });

  test.each(Object.entries(kinds))(
    "%s: a padded sequence has the bits of the short one, whatever the padding is",
    (_, make) => {
      const layer = make({ layers: 2 });
      const long = make({ layers: 2, returnSequences: true });
      namedParameters(long).forEach(([, parameter], i) => {
        parameter.assign(namedParameters(layer)[i][1]);
      });
      const x = rng.normal([3, 4, 3]);
      const lengths = [2, 0, 4];
      const states = layer.run(rng.normal([3, 1, 3])).states;
      lengths.forEach((length, i) => {
        x.data.fill(Number.NaN, (i * 4 + length) * 3, (i + 1) * 12);
      });
      for (const given of [lengths, tensor(lengths)]) {
        const padded = layer.run(x, { lengths: given, states });
        const outputs = long.run(x, { lengths: given, states }).output;
        lengths.forEach((length, i) => {
          const own = states.map((state) => slice(state, { axis: 1, start: i, end: i + 1 }));
          const row = slice(x, { axis: 0, start: i, end: i + 1 });
          const alone =
            length === 0 ? own : layer.run(slice(row, { axis: 1, end: length }), { states: own }).states;
          padded.states.forEach((state, k) => {
            expect(slice(state, { axis: 1, start: i, end: i + 1 }).toArray()).toEqual(alone[k].toArray());
          });
          for (let t = Math.max(0, length - 1); t < 4; t++) {
            const at = slice(slice(outputs, { axis: 0, start: i, end: i + 1 }), {
              axis: 1,
              start: t,
              end: t + 1,
            });
            expect([...at.data]).toEqual([...slice(padded.output, { axis: 0, start: i, end: i + 1 }).data]);
          }
        });
      }
    },
  );

  test("no gradient flows through padding, even if it is NaN", () => {
    const layer = kinds.LSTM();
    const x = variable(rng.normal([2, 3, 3]));
    x.data.fill(Number.NaN, 12, 18);
    const gradients = backward(sum(layer.run(x, { lengths: [3, 1] }).output));
    expect([...gradients.of(x).data.subarray(12)]).toEqual([0, 0, 0, 0, 0, 0]);
    for (const [name, parameter] of namedParameters(layer)) {
      expect(gradients.of(parameter).data.every(Number.isFinite), name).toBe(true);
    }
  });

  test.each(Object.entries(kinds))("%s backwards is forwards on the reversed sequence", (_, make) => {
    const layer = make({ returnSequences: true });
    const x = rng.normal([2, 4, 3]);
    const reversed = layer.run(flip(x, { axes: 1 }));
    const { output, states } = layer.run(x, { reverse: true });
    expect(output.toArray()).toEqual(flip(reversed.output, { axes: 1 }).toArray());
    expect(states[0].toArray()).toEqual(reversed.states[0].toArray());
  });

  test("an empty batch gives empty results", () => {
    const { output, states } = kinds
      .LSTM({ layers: 2, returnSequences: true })
      .run(zeros([0, 4, 3]), { lengths: [] });
    expect([output.shape, ...states.map(({ shape }) => shape)]).toEqual([
      [0, 4, 2],
      [2, 0, 2],
      [2, 0, 2],
    ]);
  });
});

describe("gradients of first and second order agree with differences:", () => {
  const rng = createRng("gradients");
  const options = { rng, returnSequences: true };
  const direction = () => new GRU(2, 1, options);
  const wrapped = (inner: Recurrent | Bidirectional, given: SequenceOptions) => ({
    inner,
    forward: (x: Tensor) => inner.run(x, given).output,
    toString: () => `${inner} ${JSON.stringify(given)}`,
  });
  test.each<readonly [string, Layer, Shape]>([
    ["SimpleRNN", new SimpleRNN(2, 2, options), [2, 3, 2]],
    [
      "SimpleRNN of two layers without biases",
      new SimpleRNN(2, 2, { ...options, layers: 2, bias: false }),
      [1, 3, 2],
    ],
    ["GRU", new GRU(2, 2, options), [2, 3, 2]],
    ["GRU, the last state alone", new GRU(2, 2, { rng }), [2, 3, 2]],
    ["GRU of one step", new GRU(2, 2, options), [2, 1, 2]],
    ["GRU of batch 1, one unit, one feature", new GRU(1, 1, options), [1, 4, 1]],
    ["GRU of an empty batch", new GRU(2, 2, options), [0, 3, 2]],
    ["GRU with resetAfter: false", new GRU(2, 2, { ...options, resetAfter: false }), [2, 3, 2]],
    ["GRU of two layers", new GRU(2, 2, { ...options, layers: 2 }), [1, 3, 2]],
    ["GRU with lengths 0, 1 and all", wrapped(new GRU(2, 1, options), { lengths: [0, 1, 3] }), [3, 3, 2]],
    ["LSTM", new LSTM(2, 2, options), [2, 3, 2]],
    ["LSTM of two layers without biases", new LSTM(2, 1, { ...options, layers: 2, bias: false }), [1, 3, 2]],
    [
      "LSTM backwards with a mask",
      wrapped(new LSTM(2, 1, options), {
        reverse: true,
        mask: tensor([
          [0, 1, 1],
          [1, 0, 1],
        ]),
      }),
      [2, 3, 2],
    ],
    ["Bidirectional", new Bidirectional(direction(), direction()), [2, 3, 2]],
    [
      "Bidirectional with lengths",
      wrapped(new Bidirectional(direction(), direction()), { lengths: [1, 3] }),
      [2, 3, 2],
    ],
  ])("%s", (_, layer, shape) => {
    checkLayer(layer, [awayFromKinks(shape)]);
  });

  test("of given states too", () => {
    const layer = new LSTM(1, 1, options);
    const f = (x: Tensor, h: Tensor, c: Tensor): Tensor => {
      const { output, states } = layer.run(x, { states: [h, c], lengths: [2, 0] });
      return concat([flatten(output), ...states.map((state) => flatten(state))]);
    };
    const inputs = [rng.normal([2, 2, 1]), rng.normal([1, 2, 1]), rng.normal([1, 2, 1])];
    gradcheck(f, inputs);
    gradgradcheck(f, inputs);
  });
});

describe("refused, with the layer, the shapes and the way out:", () => {
  const rng = createRng("refused");
  const gru = new GRU(3, 2, { rng, layers: 2 });
  const x = zeros([2, 4, 3]);
  const run = (options: unknown) => () => gru.run(x, options as SequenceOptions);

  const before =
    " (a recurrent layer before it needs returnSequences: true; one sequence is [1, time, features])";
  const first = " (if the features come first, x.permute({ axes: [0, 2, 1] }) puts them last)";
  test.each<[number[], string]>([
    [[2, 3], before],
    [[2, 4], ""],
    [[2, 4, 2], ""],
    [[2, 3, 5], first],
    [[2, 0, 3], ""],
    [[2, 4, 3, 1], ""],
    [[], ""],
  ])("an input %j", (shape, way) => {
    const needed = `GRU(3, 2, layers=2): expects an input [n, time, 3] of at least one step${way}`;
    expect(() => gru.forward(zeros(shape))).toThrow(`${needed}, got ${formatShape(shape)}`);
    expect(() => gru.run(zeros(shape))).toThrow(ShapeError);
  });

  test.each<readonly [string, unknown, string]>([
    ["an unknown option", { length: [1, 2] }, 'unknown option "length"; did you mean "lengths"?'],
    ["options that are none", 3, "needs an options object { states, lengths, mask, reverse }, got 3"],
    ["a length too few", { lengths: [1] }, "needs one length for each of the 2 sequences, got 1"],
    [
      "lengths of two axes",
      { lengths: zeros([2, 1]) },
      "needs one length for each of the 2 sequences, got [2,1]",
    ],
    [
      "a length too large",
      { lengths: [4, 5] },
      "must be a whole number from 0 to 4, because the sequences have 4 steps; length 1 is 5",
    ],
    ["a negative length", { lengths: [-1, 1] }, "length 0 is -1"],
    ["half a length", { lengths: tensor([1, 2.5]) }, "length 1 is 2.5"],
    ["a length that is no number", { lengths: ["1", 2] }, 'length 0 is "1"'],
    [
      "lengths that are text",
      { lengths: "all" },
      'lengths must be an array of whole numbers or a tensor [n], got "all"',
    ],
    [
      "a mask of another shape",
      { mask: zeros([4, 2]) },
      "a mask for this input must be [2,4], [n, time], got [4,2]",
    ],
    ["an array as a mask", { mask: [[1, 1]] }, "mask must be a tensor [n, time], got [[1,1]]"],
    ["lengths and a mask", { lengths: [1, 2], mask: zeros([2, 4]) }, "takes lengths or a mask, not both"],
    [
      "a tensor as states",
      { states: zeros([2, 2, 2]) },
      "states must be an array of tensors, as run returns them",
    ],
    ["two states", { states: [x, x] }, "needs states [h], each [2,2,2], [layers, n, size], got 2 tensors"],
    ["states of another batch", { states: [zeros([2, 3, 2])] }, "h has the shape [2,3,2]"],
    [
      "states of one layer",
      { states: [zeros([2, 2])] },
      "needs states [h], each [2,2,2], [layers, n, size]; h has the shape [2,2]",
    ],
    ["a direction that is no flag", { reverse: 1 }, "reverse must be true or false, got 1"],
  ])("%s", (_, options, message) => {
    expect(run(options)).toThrow(GradusError);
    expect(run(options)).toThrow(message);
  });

  test.each([SimpleRNN, GRU, LSTM])("states after the input of forward, as in PyTorch: %o", (Layer) => {
    const layer = new Layer(3, 2, { rng });
    const both = new Bidirectional(new Layer(3, 2, { rng }), new Layer(3, 2, { rng }));
    const state = zeros([1, 2, 2]);
    for (const states of [state, [state], [], { states: [state] }]) {
      for (const taker of [layer, both]) {
        expect(() => taker.forward(x, states as never)).toThrow(ArgumentError);
        expect(() => taker.forward(x, states as never)).toThrow(
          "run(x, { states, lengths, mask }) takes states",
        );
      }
    }
    expect(() => layer.forward(x, { train: true, rng })).not.toThrow();
  });

  test("mostly by name: an LSTM says which state does not fit", () => {
    const lstm = new LSTM(3, 2, { rng });
    const states = [zeros([1, 2, 2]), zeros([1, 2, 3])];
    expect(() => lstm.run(x, { states })).toThrow(
      "LSTM(3, 2): needs states [h, c], each [1,2,2], [layers, n, size]; c has the shape [1,2,3]",
    );
  });

  test.each([
    ["SimpleRNN", SimpleRNN],
    ["GRU", GRU],
    ["LSTM", LSTM],
  ] as const)("sizes and options of %s", (name, Kind) => {
    for (const [inputs, size] of [
      [0, 2],
      [2, 0],
      [1.5, 2],
      [2, "3"],
    ] as [number, number][]) {
      expect(() => new Kind(inputs, size, { rng })).toThrow(
        new RegExp(`^${name}: the number of (inputs|units) must be a whole number ≥ 1, got `),
      );
    }
    for (const [options, message] of [
      [{}, `${name}(2, 3): rng must be a random stream from createRng(seed), got undefined`],
      [undefined, `${name}(2, 3): rng must be a random stream`],
      [{ rng, layers: 0 }, "layers must be a whole number ≥ 1, got 0"],
      [{ rng, returnSequences: 1 }, "returnSequences must be true or false, got 1"],
      [{ rng, init: "glorot" }, "did you mean the function glorotUniform, without quotes?"],
      [{ rng, recurrentInit: () => zeros([2]) }, "the initializer returned shape [2] instead of [3,3]"],
      [{ rng, units: 3 }, 'unknown option "units"'],
    ] as const) {
      expect(() => new Kind(2, 3, options as never)).toThrow(message);
    }
  });
});

describe("K13: what a recurrent layer would ignore or misread", () => {
  const layer = new GRU(2, 3, { rng: createRng("misread") });
  const x = createRng("x").normal([1, 2, 2]);
  test.each([{ lengths: [1] }, { mask: tensor([[1, 0]]) }, { states: [] }, { training: true }, [x], "train"])(
    "forward(x, %o)",
    (mode) => {
      expect(() => layer.forward(x, mode as never)).toThrow(
        /its second argument is a mode \{ train, rng \}, got .*; run\(x, \{ states, lengths, mask \}\)/,
      );
    },
  );
  test.each([0.5, Number.NaN, Number.NEGATIVE_INFINITY, 2])("a mask with %s", (value) => {
    expect(() => layer.run(x, { mask: tensor([[1, value]]) })).toThrow(
      /a mask has 1 where a key is seen or a step counts, and 0 elsewhere, got/,
    );
  });
});
