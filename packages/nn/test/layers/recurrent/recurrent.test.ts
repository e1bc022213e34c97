import {
  backward,
  concat,
  createRng,
  flatten,
  flip,
  mul,
  relu,
  type Shape,
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
