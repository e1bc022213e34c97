import { createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { constantInit, LSTM, type LSTMOptions } from "../../../src/index.ts";

const rng = createRng("lstm");
const biases = (options: Partial<LSTMOptions>): number[][] =>
  new LSTM(3, 2, { rng, ...options }).cells.map(({ bias }) => [...(bias?.data ?? [])]);

describe("LSTM", () => {
  test("adds forgetBias, 1 by default, to the initial bias of the forget gate, the second one", () => {
    expect(biases({})).toEqual([[0, 0, 1, 1, 0, 0, 0, 0]]);
    expect(biases({ forgetBias: 0 })).toEqual([[0, 0, 0, 0, 0, 0, 0, 0]]);
    const both = [0.5, 0.5, -1.5, -1.5, 0.5, 0.5, 0.5, 0.5];
    expect(biases({ forgetBias: -2, biasInit: constantInit(0.5), layers: 2 })).toEqual([both, both]);
    expect(biases({ bias: false })).toEqual([[]]);
  });

  test("refuses a forgetBias that is no number, or without biases, and has its options in its text", () => {
    for (const forgetBias of [Number.NaN, true, "1"]) {
      expect(() => biases({ forgetBias: forgetBias as number })).toThrow(
        "LSTM(3, 2): forgetBias must be a finite number",
      );
    }
    expect(() => biases({ forgetBias: 1, bias: false })).toThrow(
      "LSTM(3, 2): forgetBias is the initial value of a bias; leave bias: false out",
    );
    expect(String(new LSTM(3, 2, { rng }))).toBe("LSTM(3, 2)");
    expect(String(new LSTM(3, 2, { rng, layers: 2, returnSequences: true, bias: false }))).toBe(
      "LSTM(3, 2, layers=2, returnSequences=true, bias=false)",
    );
  });
});
