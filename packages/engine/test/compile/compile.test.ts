import {
  backward,
  createRng,
  crossEntropy,
  hashTensors,
  matmul,
  mul,
  ones,
  Parameter,
  type Tensor,
  tensor,
  update,
  zeros,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { descend, named, trainer } from "./trainer.ts";

describe("a compiled training step", () => {
  test("gives the bits of the plain one, step after step, also for batches of another size", () => {
    const [plain, fast] = [trainer(), trainer()];
    const compiled = compile(fast.step);
    const rng = createRng("data");
    for (const n of [5, 5, 2, 5, 0, 1, 5]) {
      const [x, target] = [rng.normal([n, 3]), rng.normal([n, 2])];
      const [expected, found] = [plain.step(x, target), compiled(x, target)];
      expect(
        hashTensors([
          ["loss", found.loss],
          ["y", found.y],
        ]),
      ).toBe(
        hashTensors([
          ["loss", expected.loss],
          ["y", expected.y],
        ]),
      );
      expect(hashTensors(named(fast.parameters))).toBe(hashTensors(named(plain.parameters)));
    }
  });

  test("reads parameters afresh in every call", () => {
    const w = new Parameter([2]);
    const f = compile((x: Tensor) => mul(x, w));
    expect(f(tensor([3])).item()).toBe(6);
    w.assign([5]);
    expect(f(tensor([3])).item()).toBe(15);
  });

  test("counts its changes, so that an older graph is refused", () => {
    const w = new Parameter([2]);
    const y = mul(w, w).sum();
    const f = compile((x: Tensor) => update(descend, [x], [w], undefined));
    expect(w.storage.version).toBe(0);
    f(tensor([1]));
    expect(w.storage.version).toBe(1);
    expect(w.item()).toBe(1.9);
    expect(() => backward(y)).toThrow(/changed in place after it was used/);
  });

  test("refuses inside what is refused outside: a gradient through changed numbers", () => {
    const w = new Parameter([2]);
    const f = compile((x: Tensor) => {
      const y = mul(w, x).mul(w).sum();
      update(descend, [x], [w], undefined);
      return backward(y).of(w);
    });
    expect(() => f(tensor([1]))).toThrow(/changed in place after it was used/);
    // The update before the error is made, as without compile.
    expect([w.storage.version, w.item()]).toEqual([1, 1.9]);
  });

  test("returns results that are the caller's to keep", () => {
    const f = compile((x: Tensor) => mul(x, 2));
    const first = f(tensor([1]));
    const second = f(tensor([2]));
    expect([first.item(), second.item()]).toEqual([2, 4]);
    expect(first.tracked).toBe(false);
  });
});

describe("errors of a call", () => {
  test("are those of the plain function", () => {
    const f = (x: Tensor, labels: Tensor): Tensor => crossEntropy(x, labels);
    const compiled = compile(f);
    const [x, bad] = [zeros([2, 3]), tensor([0, 3])];
    let message = "";
    try {
      f(x, bad);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toMatch(/^crossEntropy\(\[2,3\], \[2\]\): class 3/);
    expect(() => compiled(x, bad)).toThrow(message);
    expect(compiled(x, tensor([0, 1])).item()).toBe(f(x, tensor([0, 1])).item());
  });

  test("of shapes are found while tracing, and the next call traces again", () => {
    const w = new Parameter(ones([2, 2]));
    const compiled = compile((x: Tensor) => matmul(x, w));
    expect(() => compiled(ones([1, 3]))).toThrow(/matmul\(\[1,3\], \[2,2\]\): inner sizes differ/);
    expect(compiled(ones([1, 2])).toArray()).toEqual([[2, 2]]);
  });
});
