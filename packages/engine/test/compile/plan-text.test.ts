import { gather, ones, Parameter, type Tensor, tanh, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile, simdSupported } from "../../src/index.ts";
import { inWay } from "../ways.ts";

describe("describe", () => {
  const w = new Parameter(ones([4, 4]));
  const f = compile((x: Tensor) => gather(tanh(x.matmul(w)).add(1).mul(2), tensor([[0]]), { axis: 0 }));

  test("lists the steps and the memory", () => {
    inWay("blocked", () => {
      expect(f.describe(ones([2, 4]))).toBe(
        [
          "1 forward  loop   b1[2,4] = matmul(x1[2,4] t1[4,4]) at 64",
          "2 forward  loop   b2[2,4] = tanh(b1[2,4]) at 0",
          "3 forward  loop   b3[2,4] = add(b2[2,4] t2[]) at 64",
          "4 forward  loop   b4[2,4] = mul(b3[2,4] t3[]) at 0",
          "5 forward  loop   b5[1,1] = gather(b4[2,4] t4[1,1]) at 64",
          "5 steps, 0 left out; 6 buffers in 128 bytes (328 unshared)",
        ].join("\n"),
      );
    });
  });

  test.runIf(simdSupported())(
    "says what an engine does, and that it may overwrite what it reads last",
    () => {
      const lines = f.describe(ones([2, 4])).split("\n");
      expect(lines[0]).toBe("1 forward  engine b1[2,4] = matmul(x1[2,4] t1[4,4]) at 64");
      expect(
        lines.slice(1, 4).map((line) => /(engine|loop|alias) .* at (\d+)$/.exec(line)?.slice(1)),
      ).toEqual([
        ["engine", "64"],
        ["engine", "64"],
        ["engine", "64"],
      ]);
      expect(lines[4]).toContain("loop");
    },
  );

  test("is the text of the plan: its numbers are those of the data", () => {
    const { steps, buffers, total, sumOfBuffers } = f.plan(ones([3, 4]));
    expect(
      f
        .describe(ones([3, 4]))
        .split("\n")
        .at(-1),
    ).toBe(
      `${steps.length} steps, 0 left out; ${buffers.length} buffers in ${total} bytes (${sumOfBuffers} unshared)`,
    );
  });
});
