import { describe, expect, test } from "vitest";
import { backward, grad, mse, Parameter, type Tensor, tensor, update, variable } from "../../src/index.ts";
import { type Row, rowsOf, type Trace, watch } from "../../src/watch/index.ts";

const labels = (rows: readonly Row[]): string[] => rows.map(({ label }) => label);
const shown = (trace: Trace): (readonly [string, string[]])[] =>
  rowsOf(trace).sections.map(({ kind, rows }) => [kind, labels(rows.filter(({ inner }) => !inner))]);

describe("sections", () => {
  test("are the forward pass, the backward pass and the update, with the parts of each step", () => {
    const w = new Parameter([1, 2]);
    const trace = watch(({ name }) => {
      name(w, "w");
      const gradients = backward(w.mul(3).sum());
      update({ name: "descend", run: ([g], [x]) => x.set([x[0] - g[0]]) }, [gradients.of(w)], [w], undefined);
    });
    expect(shown(trace)).toEqual([
      ["forward", ["a = mul(w, 3)", "b = sum(a)"]],
      ["backward", ["a ← sum, input 1", "w ← mul, input 1"]],
      ["update", ["w ← descend"]],
    ]);
    const [forward, back, updated] = rowsOf(trace).sections.map(({ rows }) => rows);
    expect(forward.map(({ parts }) => parts)).toEqual([[], []]);
    expect(labels(back[1].parts)).toEqual(["∂w = chain(∂a, 3)"]);
    expect(trace.tensors[back[1].shows].numbers).toEqual([3, 3]);
    expect([updated[0].from, updated[0].shows].flat().map((id) => trace.tensors[id].numbers[0])).toEqual([
      1, -2,
    ]);
  });

  test("come from JSON as from the trace", () => {
    const x = variable(tensor([1, Number.NaN]));
    const trace = watch(() => backward(x.exp().sum()));
    const { sections: _, ...rows } = rowsOf(JSON.parse(JSON.stringify(trace)));
    expect(rows).toMatchObject({ names: rowsOf(trace).names, given: rowsOf(trace).given });
  });

  test("hide the rules inside a derived op, and name its inputs as it does", () => {
    const x = variable(tensor([1, 2]));
    const trace = watch(() => backward(mse(x, tensor([0, 0]))));
    const inner = rowsOf(trace).sections[1].rows.filter((row) => row.inner);
    expect(inner.length).toBeGreaterThan(0);
    expect(shown(trace)).toEqual([
      ["forward", ["a = mse(v1, k1)"]],
      ["backward", ["v1 ← mse, input 1"]],
    ]);
  });

  test("of a second derivative name the rule that an op is a part of", () => {
    const trace = watch(() => grad(grad((x: Tensor) => x.exp()))(tensor(0)));
    const last = shown(trace).at(-1)?.[1];
    expect(last).toContain("b ← chain, input 2 in the rule of exp");
  });

  test("do not end the forward pass where the state of a layer is updated", () => {
    const mean = tensor([0]);
    const trace = watch(() => {
      const y = tensor([1]).neg();
      update({ name: "average", run: ([g], [x]) => x.set(g) }, [y], [mean], undefined);
      return y.neg();
    });
    expect(shown(trace)).toEqual([["forward", ["a = neg(k1)", "b = neg(a)"]]]);
  });

  test("show both addends where gradients meet", () => {
    const a = variable(tensor(3));
    const trace = watch(() => backward(a.add(a)));
    const [, second] = rowsOf(trace).sections[1].rows;
    expect(second.from.map((id) => trace.tensors[id].numbers)).toEqual([[1], [1]]);
    expect(trace.tensors[second.shows].numbers).toEqual([2]);
  });
});

describe("names", () => {
  test("are those given, letters without these, numbers for constants, and kinds for other tensors", () => {
    const [x, w] = [variable(tensor([1, 2])), new Parameter([3])];
    const trace = watch(({ name }) => {
      name(x, "b");
      const first = x.mul(w);
      return first.add(0.5).add(tensor([1, 1]));
    });
    expect(shown(trace)[0][1]).toEqual(["a = mul(b, p1)", "c = add(a, 0.5)", "d = add(c, k1)"]);
    expect(rowsOf(trace).given.map((id) => rowsOf(trace).names[id])).toEqual(["b", "p1", "k1"]);
  });

  test("go on with aa after z", () => {
    const trace = watch(() => {
      let x = tensor([1]);
      for (let i = 0; i < 28; i++) x = x.neg();
    });
    expect(labels(rowsOf(trace).sections[0].rows).slice(25)).toEqual([
      "z = neg(y)",
      "aa = neg(z)",
      "ab = neg(aa)",
    ]);
  });

  test("of a constant that is marked as a variable later are those of a variable", () => {
    const x = tensor(2);
    const trace = watch(() => [x.exp(), backward(variable(x).exp())]);
    expect(shown(trace)[1][1]).toEqual(["v1 ← exp, input 1"]);
  });

  test("show params as one would type them", () => {
    const trace = watch(() => tensor([[1, 2]]).sum({ axes: [0, 1], keepDims: true }));
    expect(shown(trace)[0][1]).toEqual(["a = sum(k1, { axes: [0, 1], keepDims: true })"]);
  });
});
