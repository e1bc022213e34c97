import { describe, expect, test } from "vitest";
import { backward, layerNorm, ones, tensor, variable, zeros } from "../../src/index.ts";

describe("H3: layer normalization of numbers whose squares do not fit a double", () => {
  // With x = s·[1, −1, 0] the deviation is s·√(2/3), so out = [√1.5, −√1.5, 0]. For the cotangent w = [1, 2, 4] the gradient
  // is (w − mean(w) − out·mean(w·out))/deviation = [−5/6, −5/6, 5/3]/√(2/3)/s.
  const root = Math.sqrt(1.5);
  const gradient = [(-5 / 6) * root, (-5 / 6) * root, (5 / 3) * root];
  const close = (values: number[]): unknown => [values.map((value) => expect.closeTo(value, 13))];

  test.each([1e154, 1e200, 1e307, 1e-154, 1e-200, 1e-300])("of size %d", (scale) => {
    const x = variable(tensor([[scale, -scale, 0]]));
    const out = layerNorm(x, ones([3]), zeros([3]), { epsilon: scale > 1 ? 1e-5 : 0 });
    expect(out.toArray()).toEqual(close([root, -root, 0]));
    const found = backward(out, { cotangent: tensor([[1, 2, 4]]) }).of(x);
    expect(found.mul(scale).toArray()).toEqual(close(gradient));
  });

  test("with epsilon beside a variance that underflows: x/√epsilon", () => {
    const out = layerNorm(tensor([[1e-200, -1e-200, 0]]), ones([3]), zeros([3]));
    expect(out.data[0] / 1e-200).toBeCloseTo(1 / Math.sqrt(1e-5), 10);
    const small = layerNorm(tensor([[1e-150, -1e-150, 0]]), ones([3]), zeros([3]), { epsilon: 1e-300 });
    // variance 2/3·1e-300 beside epsilon 1e-300
    expect(small.data[0]).toBeCloseTo(1 / Math.sqrt(5 / 3), 13);
  });
});

test("K6: epsilon makes a spread that is only rounding 0", () => {
  const out = layerNorm(tensor([[0.1 + 0.2, 0.3, 0.3]]), ones([3]), zeros([3]));
  for (const value of out.data) expect(Math.abs(value)).toBeLessThan(1e-13);
});
