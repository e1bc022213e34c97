import {
  ArgumentError,
  backward,
  createRng,
  crossEntropy,
  hashTensors,
  log,
  NumericsError,
  type NumericsTrap,
  Parameter,
  type Tensor,
  tanh,
  tensor,
  trapNumerics,
  type UpdateSpec,
  update,
  zeros,
} from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../src/index.ts";

/** The error that the trap throws. */
function caught(run: (trap: NumericsTrap) => unknown): NumericsError {
  try {
    trapNumerics(run);
  } catch (error) {
    if (error instanceof NumericsError) return error;
    throw error;
  }
  throw new Error("nothing was caught");
}

/** The line that calls this function. */
function line(): number {
  const frames = (new Error().stack ?? "").split("\n").filter((text) => text.includes("trap.test.ts:"));
  return Number(/:(\d+):\d+\)?$/.exec(frames[1])?.[1]);
}

describe("a compiled function under the trap", () => {
  const trainer = () => {
    const rng = createRng("compiled");
    const w = new Parameter(rng.normal([2, 3]));
    const descend: UpdateSpec = {
      name: "descend",
      run: ([g], [x]) => x.set(x.map((value, i) => value - 0.1 * g[i])),
    };
    const step = compile((x: Tensor, t: Tensor) => {
      const inner = createRng("inside").uniform([4, 3]);
      const y = tanh(x.matmul(w))
        .add(rng.normal([4, 3], { std: 0.1 }))
        .add(inner);
      const loss = crossEntropy(y, t);
      const gradients = backward(loss);
      update(descend, [gradients.of(w)], [w], undefined);
      return { x, loss, gradients, w };
    });
    return { w, step };
  };

  test("gives the same bits, draws the same numbers and changes the same", () => {
    const [plain, trapped] = [trainer(), trainer()];
    const t = tensor([0, 1, 2, 0]);
    for (let i = 0; i < 4; i++) {
      const x = createRng(i).normal([4, 2]);
      const expected = plain.step(x, t);
      const found = i === 1 ? trapped.step(x, t) : trapNumerics(() => trapped.step(x, t));
      expect(hashTensors([["loss", found.loss]])).toBe(hashTensors([["loss", expected.loss]]));
      expect([...found.gradients.of(trapped.w).data]).toEqual([...expected.gradients.of(plain.w).data]);
      expect(found.loss.tracked).toBe(false);
      expect(found.x).toBe(x);
      expect(found.w).toBe(trapped.w);
    }
    expect([...trapped.w.data]).toEqual([...plain.w.data]);
    expect(trapped.step.traced(zeros([4, 2]), t)).toBe(true); // by the call outside of the trap
  });

  test("is caught at its op and line, also after it was traced", () => {
    let before = 0;
    const f = compile((x: Tensor) => {
      before = line();
      return x.log().sum();
    });
    expect(f(tensor([1, 0])).item()).toBe(-Infinity);
    const error = caught(() => f(tensor([1, 0])));
    expect(error).toMatchObject({ op: "log", index: [1] });
    expect(error.site).toMatch(new RegExp(`trap\\.test\\.ts:${before + 1}:\\d+$`));
    expect(f(tensor([1, 0])).item()).toBe(-Infinity);
    expect(() => trapNumerics(() => f(3 as unknown as Tensor))).toThrow(/must be tensors, got 3/);
  });

  test("may be described there, and the trap stays on", () => {
    const f = compile((x: Tensor) => x.log());
    expect(caught(() => [f.describe(tensor([1])), log(0)])).toMatchObject({ op: "log" });
  });

  test("cannot have the trap inside", () => {
    const f = compile((x: Tensor) => trapNumerics(() => x.log()));
    expect(() => f(tensor([1]))).toThrow(
      new ArgumentError(
        "trapNumerics: there are no numbers to look at while compile traces a function; put it around the call of the " +
          "compiled function",
      ),
    );
  });
});
