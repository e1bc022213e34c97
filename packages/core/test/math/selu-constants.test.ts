import { expect, test } from "vitest";
import { SELU_ALPHA, SELU_LAMBDA, SELU_LAMBDA_ALPHA } from "../../src/math/selu-constants.ts";

test("α, λ and λα are the closed forms of the paper's eq. 14, rounded once", () => {
  // mpmath, 50 digits.
  expect(SELU_ALPHA).toBe(Number("1.6732632423543772848170429916716520384611553482812"));
  expect(SELU_LAMBDA).toBe(Number("1.0507009873554804934193349852946063519589812043764"));
  expect(SELU_LAMBDA_ALPHA).toBe(Number("1.758099340847376859940217520812279577323506837162"));
});
