import { GradusError, type Tensor, tensor, type UpdateSpec, update } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type Compiled, compile } from "../../src/compile/compile.ts";
import { numbers, ways } from "./outside-ways.ts";

/** Ways that `compile` refuses; all others have the numbers that they have without it. */
const refused: readonly string[] = [
  "a number of a tensor that the function has changed",
  "assign inside",
  "assign of the same numbers inside",
  "a direct write inside",
  "an argument that an update changes",
  "a tensor that is made inside and updated",
  "a captured variable that is also an argument",
  "an argument that an update changes as a tensor from outside",
  "the same variable twice",
  "random numbers outside of tensors",
  "a random stream that is set back inside",
  "a number of an argument",
  "assign of another tensor from outside, inside",
  "assign of a computed tensor, inside",
  "assign of an argument, inside",
  "an argument that shares the numbers of a captured tensor",
];

describe("compile gives the numbers that there are without it, or refuses", () => {
  for (const [name, way] of Object.entries(ways)) {
    test(`R1: ${name}`, () => {
      const compiled = (): unknown => way((f) => compile(f) as Compiled<Tensor[], Tensor>);
      if (refused.includes(name)) expect(compiled).toThrow(GradusError);
      else expect(compiled()).toEqual(way((f) => f));
    });
  }

  test("R1: a call that is refused leaves tensors from outside as they were", () => {
    const [w, v] = [tensor([2, 5]), tensor([1])];
    const f = compile((x: Tensor) => {
      w.assign([w.data[0] + 1, 7]);
      v.data[0] += 1;
      return x.mul(w).sum().item() > 0 ? x : v;
    });
    const before = [w.storage.version, v.storage.version];
    expect(() => f(tensor([1, 2]))).toThrow(GradusError);
    expect([numbers(w), numbers(v)]).toEqual([[2, 5], [1]]);
    expect([w.storage.version, v.storage.version]).toEqual(before);
  });

  test("R1: an update that calls its own compiled function does not spoil its numbers", () => {
    const outcome = (compiled: boolean): unknown => {
      const inner: UpdateSpec = {
        name: "inner",
        run: ([x], [into]) => {
          into[0] = x[0] > 100 ? x[0] : f(tensor([x[0] * 10])).data[0];
        },
      };
      const w = tensor([0]);
      const body = (x: Tensor): Tensor => {
        const y = x.mul(2);
        update(inner, [y], [w], undefined);
        return y.add(w);
      };
      const f: (x: Tensor) => Tensor = compiled ? compile(body) : body;
      return numbers(f(tensor([1])));
    };
    try {
      expect(outcome(true)).toEqual(outcome(false));
    } catch (error) {
      if (!(error instanceof GradusError)) throw error;
    }
  });
});
