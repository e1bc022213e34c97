import { describe, expect, test } from "vitest";
import { ArgumentError, backward, Parameter, tensor } from "../src/index.ts";
import { fixFields, refuseAssignments, refuseOperators } from "../src/misuse.ts";

describe("R15: what is assigned to a tensor would change nothing, and is refused with the way out", () => {
  test.each([
    ["shape", [4], /^shape of a tensor cannot be assigned, got \[4\]: x\.reshape\(\{ shape \}\)/],
    ["size", 3, /x\.reshape/],
    ["rank", 3, /x\.reshape/],
    ["data", [1, 2, 3, 4], /x\.assign\(values\) replaces the numbers/],
    ["tracked", true, /variable\(x\)/],
    ["requires_grad", false, /^requires_grad of a tensor cannot be assigned, got false/],
    ["grad", null, /backward\(loss\)\.of\(x\)/],
  ])("%s", (name, value, message) => {
    const x = new Parameter([[1, 2], [3, 4]]); // biome-ignore format: one line
    const assign = (): unknown => Object.assign(x, { [name]: value });
    expect(assign).toThrow(ArgumentError);
    expect(assign).toThrow(message);
    expect([x.shape, x.size, x.rank, x.tracked, x.toArray()]).toEqual([[2, 2], 4, 2, true, [[1, 2], [3, 4]]]); // biome-ignore format: one line
  });

  test.each(["backward", "view", "T", "clone", "numpy", "dataSync", "arraySync"])(
    "x.%s of other frameworks names the way here",
    (name) => {
      const x = tensor([1, 2]) as unknown as Record<string, unknown>;
      expect(() => x[name]).toThrow(
        new RegExp(`^a tensor has no ${name}: .*(x\\.|backward\\(loss\\)|tensor\\()`),
      );
    },
  );

  test("and x.grad, which other frameworks have, is no undefined", () => {
    const x = tensor(1) as unknown as { grad: unknown };
    expect(() => x.grad).toThrow("a tensor has no grad: gradients are a value: backward(loss).of(x)");
  });
});

test("K10: gradients times a number is an error with the methods to use", () => {
  const gradients = backward(new Parameter([1]).sum()) as unknown as number;
  expect(() => gradients * 2).toThrow(
    "a Gradients object is no operand of +, -, *, /, < or ==: gradients.add(other)",
  );
});

describe("the refusals themselves", () => {
  class Thing {
    readonly size: number = 1;
    get rate(): number {
      return 2;
    }
    toString(): string {
      return "thing";
    }
  }
  test("leave the text of an object", () => {
    refuseOperators(Thing.prototype, "a thing", "way out");
    expect(`${new Thing()}`).toBe("thing");
    expect(() => `${+(new Thing() as unknown as number)}`).toThrow(
      "a thing is no operand of +, -, *, /, < or ==: way out",
    );
  });
  test("leave what can be read", () => {
    refuseAssignments(Thing.prototype, "a thing", { rate: "way out" });
    expect(new Thing().rate).toBe(2);
    const thing = new Thing();
    refuseAssignments(thing, "a thing", { other: "way out" }, (name) => name);
    expect((thing as unknown as { other: string }).other).toBe("other");
    expect(() => Object.assign(thing, { other: 1 })).toThrow(
      "other of a thing cannot be assigned, got 1: way out",
    );
  });
  test("fixed fields stay in the fields of an object", () => {
    const thing = new Thing();
    fixFields(thing, "size");
    expect({ ...thing }).toEqual({ size: 1 });
    expect(() => Object.assign(thing, { size: 2 })).toThrow(/read only property 'size'/);
  });
});

test.each([undefined, null])("K13: assign(%s) is an error of gradus", (nothing) => {
  expect(() => tensor([1]).assign(nothing as never)).toThrow(ArgumentError);
  expect(() => tensor([1]).assign(nothing as never)).toThrow(`assign: needs numbers, got ${nothing}`);
});

test("a tensor of another copy of gradus is not assigned, and the error says how to find the copies", () => {
  const foreign = { storage: {}, tracked: false } as never;
  expect(() => tensor([1]).assign(foreign)).toThrow(
    "assign: needs numbers, got Object of another copy of @gradus/core (npm ls @gradus/core)",
  );
});
