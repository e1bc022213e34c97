import { expect, test } from "vitest";
import { backward, createRng, type Gradients, Parameter, type Tensor } from "../src/index.ts";
import { alive } from "./alive.ts";

const rng = createRng("released");
const weight = new Parameter(rng.normal([30, 30]));

/** A step that leaves nothing but its gradients, and weak references to all results on the way. */
function step(references: WeakRef<object>[]): Gradients {
  let x: Tensor = rng.normal([8, 30]);
  for (let i = 0; i < 5; i++) {
    x = x.matmul(weight).tanh();
    references.push(new WeakRef(x), new WeakRef(x.data));
  }
  return backward(x.mean());
}

test("a graph is released after backward if nothing refers to it", async () => {
  const references: WeakRef<object>[] = [];
  const gradients = step(references);
  expect(await alive(references)).toBe(0);
  expect(gradients.of(weight).shape).toEqual([30, 30]);
});

test("a graph is kept as long as its result", async () => {
  const references: WeakRef<object>[] = [];
  let x: Tensor = rng.normal([8, 30]).matmul(weight).tanh();
  references.push(new WeakRef(x));
  x = x.mean();
  expect(await alive(references)).toBe(1);
  expect(backward(x).of(weight).shape).toEqual([30, 30]);
});
