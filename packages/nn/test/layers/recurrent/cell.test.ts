import { createRng, matmul, slice, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { constantInit, GRU, LSTM, namedParameters, SimpleRNN } from "../../../src/index.ts";
import { expectMoments } from "../../support.ts";

const rng = createRng("cells");
const gate = (x: Tensor, gates: number, i: number): Tensor => {
  const size = x.shape[x.rank - 1] / gates;
  return slice(x, { axis: -1, start: i * size, end: (i + 1) * size });
};

describe("the parameters of recurrent layers", () => {
  test("have the gates along the last axis; later layers take states", () => {
    const shapes = (layer: object): unknown =>
      namedParameters(layer).map(([name, { shape }]) => [name, shape]);
    expect(shapes(new SimpleRNN(3, 2, { rng }))).toEqual([
      ["cells.0.weight", [3, 2]],
      ["cells.0.recurrentWeight", [2, 2]],
      ["cells.0.bias", [2]],
    ]);
    expect(shapes(new GRU(3, 2, { rng, layers: 2 }))).toEqual([
      ["cells.0.weight", [3, 6]],
      ["cells.0.recurrentWeight", [2, 6]],
      ["cells.0.bias", [6]],
      ["cells.0.recurrentBias", [6]],
      ["cells.1.weight", [2, 6]],
      ["cells.1.recurrentWeight", [2, 6]],
      ["cells.1.bias", [6]],
      ["cells.1.recurrentBias", [6]],
    ]);
    expect(shapes(new GRU(3, 2, { rng, resetAfter: false }))).toEqual([
      ["cells.0.weight", [3, 6]],
      ["cells.0.recurrentWeight", [2, 6]],
      ["cells.0.bias", [6]],
    ]);
    expect(shapes(new LSTM(3, 2, { rng, bias: false }))).toEqual([
      ["cells.0.weight", [3, 8]],
      ["cells.0.recurrentWeight", [2, 8]],
    ]);
  });

  test("start with Glorot weights and an orthogonal recurrent weight for each gate, and biases of 0", () => {
    const [{ weight, recurrentWeight, bias, recurrentBias }] = new GRU(40, 60, { rng }).cells;
    for (let i = 0; i < 3; i++) {
      // U(−L, L) with L² = 6/(in + out) has the variance L²/3 = 2/(in + out).
      expectMoments(gate(weight, 3, i), 0, 2 / (40 + 60));
      expect(Math.max(...gate(weight, 3, i).data.map(Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / 100));
      const u = gate(recurrentWeight, 3, i);
      const product = matmul(u, u, { transposeX: true });
      product.data.forEach((value, at) => {
        expect(Math.abs(value - (at % 61 === 0 ? 1 : 0))).toBeLessThan(1e-14);
      });
    }
    expect([...(bias?.data ?? []), ...(recurrentBias?.data ?? [])].every((value) => value === 0)).toBe(true);
    expect([bias?.size, recurrentBias?.size]).toEqual([180, 180]);
  });

  test("start as the options say, gate by gate", () => {
    const shapes: string[] = [];
    const layer = new SimpleRNN(3, 2, {
      rng,
      layers: 2,
      init: (shape) => {
        shapes.push(shape.join());
        return tensor(new Float64Array(shape[0] * shape[1]).fill(0.25), shape);
      },
      recurrentInit: constantInit(0.5),
      biasInit: constantInit(-1),
    });
    expect(shapes).toEqual(["3,2", "2,2"]);
    expect(namedParameters(layer).map(([, { data }]) => data[0])).toEqual([0.25, 0.5, -1, 0.25, 0.5, -1]);
  });

  test("repeat with the seed, and differ from gate to gate and from layer to layer", () => {
    const make = () => new LSTM(2, 2, { rng: createRng("seed"), layers: 2 }).cells;
    const [first, second] = make();
    expect(make()[1].weight.toArray()).toEqual(second.weight.toArray());
    expect(first.weight.toArray()).not.toEqual(second.weight.toArray());
    expect(gate(first.weight, 4, 0).toArray()).not.toEqual(gate(first.weight, 4, 1).toArray());
  });
});
