import { describe, expect, test } from "vitest";
import { backward, logSoftmax, logsumexp, math, softmax, tensor, variable } from "../../src/index.ts";

describe("logsumexp", () => {
  test("does not overflow and does not lose small terms", () => {
    expect(logsumexp(tensor([1000, 1000])).item()).toBe(1000 + Math.LN2);
    expect(logsumexp(tensor([-1000, -1000])).item()).toBe(-1000 + Math.LN2);
    expect(logsumexp(tensor([0, -40])).item()).toBe(math.exp(-40));
  });

  test("of infinities", () => {
    expect(logsumexp(tensor([])).item()).toBe(-Infinity);
    expect(logsumexp(tensor([-Infinity, -Infinity])).item()).toBe(-Infinity);
    expect(logsumexp(tensor([-Infinity, 3])).item()).toBe(3);
    expect(logsumexp(tensor([Infinity, Infinity, 1])).item()).toBe(Infinity);
    expect(logsumexp(tensor([Infinity, -Infinity])).item()).toBe(Infinity);
    expect(logsumexp(tensor([Infinity, Number.NaN])).item()).toBeNaN();
  });

  test("over axes that are not adjacent, kept or not", () => {
    const x = tensor([
      [
        [0, 0],
        [5, 5],
      ],
      [
        [0, 0],
        [5, 5],
      ],
    ]);
    expect(logsumexp(x, { axes: [0, 2] }).toArray()).toEqual([math.log1p(3), 5 + math.log1p(3)]);
    expect(logsumexp(x, { axes: [0, 2], keepDims: true }).shape).toEqual([1, 2, 1]);
  });

  test("gives a -Infinity the gradient 0, and a row of them NaN, as PyTorch", () => {
    const x = variable(
      tensor([
        [-Infinity, 2],
        [-Infinity, -Infinity],
      ]),
    );
    const cotangent = tensor([1, 0]);
    const y = logsumexp(x, { axes: 1 });
    expect(backward(y, { cotangent }).of(x).toArray()).toEqual([
      [0, 1],
      [0, 0],
    ]);
    expect(backward(y.sum()).of(x).toArray()).toEqual([
      [0, 1],
      [NaN, NaN],
    ]);
  });
});

describe("softmax", () => {
  test("is proportional to the exponentials along its axis", () => {
    const x = tensor([
      [0, math.log(3)],
      [7, 7],
    ]);
    expect(softmax(x, { axis: 1 }).data[0]).toBeCloseTo(0.25, 15);
    expect(softmax(x, { axis: 1 }).data[1]).toBeCloseTo(0.75, 15);
    expect(softmax(x, { axis: -1 }).data.slice(2)).toEqual(Float64Array.of(0.5, 0.5));
    expect(
      softmax(
        tensor([
          [1, 5],
          [1, 5],
        ]),
        { axis: 0 },
      ).toArray(),
    ).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ]);
  });

  test("does not overflow", () => {
    expect(softmax(tensor([1e300, -1e300, 1e300]), { axis: 0 }).toArray()).toEqual([0.5, 0, 0.5]);
  });

  test("is exactly 0 at -Infinity, and all NaN for a row without a largest finite element", () => {
    expect(softmax(tensor([-Infinity, 0]), { axis: 0 }).toArray()).toEqual([0, 1]);
    for (const row of [
      [Infinity, 0],
      [-Infinity, -Infinity],
      [Number.NaN, 0],
      [0, Number.NaN],
    ]) {
      expect(softmax(tensor(row), { axis: 0 }).toArray()).toEqual([NaN, NaN]);
      expect(logSoftmax(tensor(row), { axis: 0 }).toArray()).toEqual([NaN, NaN]);
    }
  });

  test("a row of NaN does not change the others", () => {
    expect(
      softmax(
        tensor([
          [Number.NaN, 1],
          [2, 2],
        ]),
        { axis: 1 },
      ).data.slice(2),
    ).toEqual(Float64Array.of(0.5, 0.5));
  });

  test("has the gradient out·(g − Σ g·out)", () => {
    const x = variable(tensor([0, 0]));
    expect(
      backward(softmax(x, { axis: 0 }), { cotangent: tensor([1, 3]) })
        .of(x)
        .toArray(),
    ).toEqual([-0.5, 0.5]);
  });

  test("has an accurate gradient if one element is almost 1", () => {
    const x = variable(tensor([0, -40]));
    const [winner, loser] = backward(softmax(x, { axis: 0 }), { cotangent: tensor([1, 0]) }).of(x).data;
    expect(winner).toBeCloseTo(math.exp(-40), 30);
    expect(loser).toBe(-winner);
  });
});

describe("logSoftmax", () => {
  test("is exact if softmax underflows or rounds to 1", () => {
    expect(logSoftmax(tensor([0, -1000]), { axis: 0 }).toArray()).toEqual([0, -1000]);
    expect(logSoftmax(tensor([0, -40]), { axis: 0 }).data[0]).toBe(-math.exp(-40));
    expect(logSoftmax(tensor([2, 2]), { axis: 0 }).toArray()).toEqual([-Math.LN2, -Math.LN2]);
  });

  test("has the gradient g − softmax·Σ g", () => {
    const x = variable(tensor([5, 5]));
    expect(
      backward(logSoftmax(x, { axis: 0 }), { cotangent: tensor([1, 3]) })
        .of(x)
        .toArray(),
    ).toEqual([-1, 1]);
  });

  test("gives no gradient to a -Infinity", () => {
    const x = variable(tensor([-Infinity, 0]));
    const gradient = backward(logSoftmax(x, { axis: 0 }), { cotangent: tensor([0, 1]) }).of(x);
    expect(gradient.abs().toArray()).toEqual([0, 0]);
  });
});
