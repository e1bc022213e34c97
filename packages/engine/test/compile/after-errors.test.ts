import { createRng, Parameter, ShapeError, type Tensor, tensor, update } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { follow } from "../../src/compile/follow.ts";
import { descend } from "./trainer.ts";

const x = tensor([1, 2]);
const asItIs = <F>(fn: F): F => fn;
const followed = <T>(fn: (x: Tensor) => T) =>
  follow(
    { first: (x: Tensor) => x, second: fn, rest: (seen) => seen, state: () => null, ownSecond: false },
    () => {},
  );

/** The numbers and the position that a program finds after its function has thrown. */
function after(make: typeof asItIs, error: () => unknown): unknown[] {
  const rng = createRng(1);
  const w = new Parameter([1, 2]);
  const f = make((x: Tensor) => {
    const noise = rng.normal([2]);
    update(descend, [x.add(noise)], [w], undefined);
    rng.uniform([3]);
    return error();
  });
  expect(() => f(x)).toThrow();
  return [rng.next(), ...w.data, w.storage.version];
}

describe.each([
  ["compile", compile],
  ["follow", followed],
] as const)("R15: after an error while %s traces", (_, make) => {
  test.each([
    ["of a shape", () => x.add(tensor([1, 2, 3]))],
    ["of the program", () => JSON.parse("{")],
    [
      "that is thrown by hand",
      () => {
        throw new ShapeError("no");
      },
    ],
  ])("%s, random streams and tensors stand as without it", (_, error) => {
    expect(after(make as typeof asItIs, error)).toEqual(after(asItIs, error));
  });
});

test("R15: what compile refuses itself has drawn nothing", () => {
  const rng = createRng(1);
  const f = compile((x: Tensor) =>
    x
      .add(rng.normal([2]))
      .sum()
      .item(),
  );
  expect(() => f(x)).toThrow(/compile: /);
  expect(rng.next()).toBe(createRng(1).next());
});
