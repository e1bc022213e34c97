import { createRng, Parameter, type Tensor } from "@gradus/core";
import { expect, test } from "vitest";
import { alive } from "../../core/test/alive.ts";
import { compile } from "../src/index.ts";

const rng = createRng("released");
const weight = new Parameter(rng.normal([30, 30]));

test("a compiled function holds no tensors of its calls", async () => {
  const references: WeakRef<object>[] = [];
  const compiled = compile((x: Tensor) => x.matmul(weight).tanh().mean());
  const call = (): void => {
    const x = rng.normal([8, 30]);
    references.push(new WeakRef(x), new WeakRef(compiled(x)));
  };
  for (let i = 0; i < 3; i++) call();
  expect(await alive(references)).toBe(0);
});
