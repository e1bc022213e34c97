import { gather, hashTensors, ones, Parameter, type Tensor, tanh, tensor, zeros } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile, simdSupported } from "../../src/index.ts";
import { inWay } from "../ways.ts";
import { named, trainer } from "./trainer.ts";

test("profile takes a step and says how long each of its parts took", () => {
  const [plain, fast] = [trainer(), trainer()];
  const compiled = compile(fast.step);
  const [x, target] = [ones([2, 3]), zeros([2, 2])];
  const times = compiled.profile(x, target);
  plain.step(x, target);
  expect(hashTensors(named(fast.parameters))).toBe(hashTensors(named(plain.parameters)));
  expect(times.filter(({ name }) => name === "matmul").length).toBe(5);
  expect(times.every(({ ms }) => ms >= 0)).toBe(true);
  expect(times.at(-1)?.name).toBe("descend");
});

describe("describe", () => {
  const w = new Parameter(ones([4, 4]));
  const f = compile((x: Tensor) => gather(tanh(x.matmul(w)).add(1).mul(2), tensor([[0]]), { axis: 0 }));

  test("lists the steps and the memory", () => {
    inWay("blocked", () => {
      expect(f.describe(ones([2, 4]))).toMatchInlineSnapshot(`
        "   step    reads            writes   by    at
        1  matmul  x1[2,4] t1[4,4]  b1[2,4]  loop  64 B
        2  tanh    b1[2,4]          b2[2,4]  loop  0 B
        3  add     b2[2,4] t2[]     b3[2,4]  loop  64 B
        4  mul     b3[2,4] t3[]     b4[2,4]  loop  0 B
        5  gather  b4[2,4] t4[1,1]  b5[1,1]  loop  64 B

        5 steps, 6 buffers: 128 B at the peak (328 B if none shared a place). x: arguments, b: buffers, t: tensors from outside."
      `);
    });
  });

  test.runIf(simdSupported())(
    "says what an engine does, and that it may overwrite what it reads last",
    () => {
      const lines = f.describe(ones([2, 4])).split("\n");
      expect(lines[1]).toMatch(/^1 {2}matmul {2}x1\[2,4\] t1\[4,4\] {2}b1\[2,4\] {2}engine {2}64 B$/);
      expect(lines.slice(2, 5).map((line) => line.split(/ {2,}/).slice(-2))).toEqual([
        ["engine", "64 B"],
        ["engine", "64 B"],
        ["engine", "64 B"],
      ]);
      expect(lines[5]).toContain("loop");
    },
  );
});
