import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRng, Parameter, type Tensor } from "@gradus/core";
import { expect, test } from "vitest";
import { compile } from "../src/index.ts";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** How many objects are still there after garbage collection. */
async function alive(references: readonly WeakRef<object>[]): Promise<number> {
  let count = references.length;
  // The engine may keep a reference in a register for some tasks; a leak is still there after ten.
  for (let task = 0; task < 10 && count > 0; task++) {
    // A WeakRef holds its object until the end of the task.
    await new Promise((resolve) => setImmediate(resolve));
    gc();
    count = references.filter((reference) => reference.deref() !== undefined).length;
  }
  return count;
}

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
