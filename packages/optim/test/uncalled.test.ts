import { backward, Parameter } from "@gradus/core";
import { describe, expect, test } from "vitest";
import * as exported from "../src/index.ts";

/** A step with this learning rate. */
function step(learningRate: unknown): void {
  const x = new Parameter([1]);
  new optim.SGD([["x", x]], { learningRate: learningRate as never }).step(backward(x.sum()));
}

const optim = { ...exported };

describe("U11: a function that makes a schedule, given as one, is refused with the call:", () => {
  test.each([
    ["stepDecay", "stepDecay(0.1, { every })"],
    ["multiStepDecay", "multiStepDecay(0.1, { at })"],
    ["exponentialDecay", "exponentialDecay(0.1, { factor })"],
    ["inverseTimeDecay", "inverseTimeDecay(0.1, { decay })"],
    ["linearDecay", "linearDecay(0.1, { steps })"],
    ["polynomialDecay", "polynomialDecay(0.1, { steps })"],
    ["cosineDecay", "cosineDecay(0.1, { steps })"],
    ["oneCycle", "oneCycle(0.1, { steps })"],
    ["warmUp", "warmUp(0.1, steps)"],
  ] as const)("%s", (name, call) => {
    expect(() => step(optim[name])).toThrow(
      `${name}: it makes a schedule, and got one argument; call it: ${call}`,
    );
  });

  test("constantRate and Plateau", () => {
    expect(() => step(optim.constantRate)).toThrow(
      "sgd.step: the learning rate of step 0 must be a finite number ≥ 0, got function; the function makes a schedule: call it",
    );
    expect(() => step(optim.Plateau)).toThrow(
      "SGD: learningRate must be a finite number ≥ 0 or a function of the step, got class Plateau; make one, and pass its schedule",
    );
  });

  test("K10: JSON of a Plateau is its state", () => {
    const plateau = new optim.Plateau(0.1);
    expect(JSON.parse(JSON.stringify(plateau))).toEqual(plateau.state());
  });
});
