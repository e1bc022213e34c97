import { ArgumentError, createRng, formatShape, GradusError, ShapeError, tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Bidirectional, GRU, LSTM, type SequenceOptions, SimpleRNN } from "../../../src/index.ts";

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
      [{ rng, layers: 0 }, "layers must be a whole number from 1 to 1000, got 0"],
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
