import { describe, expect, test } from "vitest";
import {
  type NumericsTrap,
  ones,
  Parameter,
  tensor,
  trapNumerics,
  type UpdateSpec,
  update,
} from "../../src/index.ts";
import { big } from "./faults.ts";
import { caught } from "./support.ts";

describe("in an update it catches", () => {
  const descend: UpdateSpec<number> = {
    name: "descend",
    run: ([g], [x, memory], rate) => {
      for (let i = 0; i < x.length; i++) x[i] -= rate * g[i];
      if (memory) for (let i = 0; i < x.length; i++) memory[i] = memory[i] * memory[i] + g[i];
    },
  };

  test("an overflow, and names the tensor", () => {
    const x = new Parameter([[1, -1.5e308]]);
    const g = tensor([[1, 1e308]]);
    const error = caught((trap) => {
      trap.name(x, "layers.0.weight");
      update(descend, [g], [x], 1);
    });
    expect(error).toMatchObject({
      phase: "update",
      op: "descend",
      parameter: "layers.0.weight",
      index: [0, 1],
      value: -Infinity,
      operands: [{ value: 1e308 }],
    });
    expect(error.message).toMatch(
      /^the update descend\(\[1,2\]\) of layers\.0\.weight made -Infinity at \[0,1\] of finite numbers: operand 1 there is 1e\+308; what it changes may be changed already; descend was called at \S*update\.test/,
    );
    expect([...x.data]).toEqual([0, -Infinity]);
    expect(x.storage.version).toBe(1);
  });

  test("an overflow of its state", () => {
    const [x, memory] = [new Parameter([1]), tensor([big])];
    const run = (name?: string) => (trap: NumericsTrap) => {
      if (name) trap.name(x, name);
      update(descend, [ones([1])], [x, memory.assign([big])], 1);
    };
    expect(caught(run())).toMatchObject({ parameter: null, index: [0] });
    expect(caught(run("bias"))).toMatchObject({ parameter: "state 1 of bias", operands: [{ value: 1 }] });
  });

  test("nothing if an operand was not finite before", () => {
    const x = new Parameter([Infinity]);
    trapNumerics(() => update(descend, [ones([1])], [x], 1));
    trapNumerics(() => update(descend, [tensor([Number.NaN])], [new Parameter([1])], 1));
    expect(x.storage.version).toBe(1);
  });
});
