import { expect, test } from "vitest";
import { backward, tensor, variable } from "../../src/index.ts";

test("the gradient of a quotient survives a divisor whose square overflows", () => {
  const y = variable(tensor(1e155));
  expect(backward(tensor(1e300).div(y)).of(y).item()).toBeCloseTo(-1e-10, 22);
});
