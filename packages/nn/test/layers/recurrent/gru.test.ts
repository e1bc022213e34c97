import { createRng, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { GRU } from "../../../src/index.ts";
import { expectAllClose } from "../../support.ts";

const rng = createRng("gru");

describe("GRU", () => {
  test("applies the reset gate after the product, or before it", () => {
    // One unit, h = 2 before the step, x·W = 0, U = [0, 0, 1], b = 0, c = [0, 0, 3]: r = z = σ(0) = 1/2.
    // After: n = tanh(r·(h + 3)) = tanh(2.5). Before, where there is no c: n = tanh(r·h) = tanh(1). Then h ← n/2 + h/2.
    for (const [resetAfter, n] of [
      [true, Math.tanh(2.5)],
      [false, Math.tanh(1)],
    ] as const) {
      const gru = new GRU(1, 1, { rng, resetAfter });
      const [cell] = gru.cells;
      cell.weight.assign([0, 0, 0]);
      cell.recurrentWeight.assign([0, 0, 1]);
      cell.recurrentBias?.assign([0, 0, 3]);
      expectAllClose(gru.run(tensor([[[7]]]), { states: [tensor([[[2]]])] }).output, [n / 2 + 1], 1e-15);
    }
  });

  test("refuses options that it does not have, and has its own in its text", () => {
    expect(() => new GRU(3, 2, { rng, resetAfter: 1 as never })).toThrow(
      "GRU(3, 2): resetAfter must be true or false, got 1",
    );
    expect(() => new GRU(3, 2, { rng, reset_after: true } as never)).toThrow('did you mean "resetAfter"?');
    expect(String(new GRU(3, 2, { rng, resetAfter: false }))).toBe("GRU(3, 2, resetAfter=false)");
  });
});
