import { backward, createRng, Parameter, type Tensor, tensor, type UpdateSpec, update } from "@gradus/core";
import { watch } from "@gradus/core/watch";
import { describe, expect, test } from "vitest";
import { compile } from "../src/index.ts";

describe("a compiled function that is watched", () => {
  const halve: UpdateSpec = {
    name: "halve",
    run([g], [x]) {
      for (let i = 0; i < x.length; i++) x[i] -= 0.25 * g[i];
    },
  };
  const trainer = () => {
    const rng = createRng("watched");
    const w = new Parameter(rng.normal([2, 3]));
    const step = compile((x: Tensor) => {
      const y = x
        .matmul(w)
        .tanh()
        .add(rng.normal([4, 3]));
      const gradients = backward(y.square().mean());
      update(halve, [gradients.of(w)], [w], undefined);
      return y;
    });
    return { w, step };
  };

  test("runs op by op with the same bits, before and after it was traced", () => {
    const [plain, watched] = [trainer(), trainer()];
    for (let i = 0; i < 4; i++) {
      const x = createRng(i).normal([4, 2]);
      const expected = plain.step(x);
      const found = i % 2 === 0 ? watched.step(x) : watch(() => watched.step(x)).result;
      expect([...found.data]).toEqual([...expected.data]);
    }
    expect([...watched.w.data]).toEqual([...plain.w.data]);
  });

  test("shows its ops, rules and updates, with the numbers that a compiled run left in the parameter", () => {
    const { w, step } = trainer();
    const x = createRng(0).normal([4, 2]);
    step(x);
    const before = [...w.data];
    step(x);
    const copy = [...w.data];
    const trace = watch(() => step(x));
    const changed = trace.events.find(({ kind }) => kind === "update");
    if (changed?.kind !== "update") throw new Error("no update");
    expect(trace.tensors[changed.before].numbers).toEqual(copy);
    expect(trace.tensors[changed.after].numbers).toEqual([...w.data]);
    expect(copy).not.toEqual(before);
    expect(trace.events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["op", "rule", "update"]));
  });

  test("cannot have watch inside", () => {
    const f = compile((x: Tensor) => watch(() => x.exp()).result);
    expect(() => f(tensor([1]))).toThrow(
      "watch: there are no numbers to look at while compile traces a function; put it around the call of the compiled function",
    );
    expect(watch(() => f(tensor([0]))).result.toArray()).toEqual([1]);
  });

  test("may be described there, and the watch goes on", () => {
    const f = compile((x: Tensor) => x.log());
    const trace = watch(() => [f.describe(tensor([1])), tensor(1).exp()]);
    expect(trace.events.map((event) => event.kind === "op" && event.op)).toEqual(["exp"]);
  });
});
