import { ArgumentError, Gradients } from "@gradus/core";
import { expect, test } from "vitest";
import { Callbacks, type Training } from "../src/callbacks.ts";

test("a hook is called as a method of its callback, with its arguments and then the training", async () => {
  const seen: unknown[] = [];
  const callback = {
    onEpochBegin(...args: unknown[]) {
      seen.push(this, ...args);
    },
  };
  const training = { epochs: 3 } as Training;
  await new Callbacks([{}, callback], training).call("onEpochBegin", 2);
  expect(seen).toEqual([callback, 2, training]);
});

test("gradients that onBackward returns are refused: nothing would read them", async () => {
  const gradients = new Gradients(new Map());
  for (const returned of [gradients, Promise.resolve(gradients)]) {
    const callbacks = new Callbacks([{ onBackward: () => returned }], {} as Training);
    const called = callbacks.call("onBackward", {} as never, gradients);
    await expect(called).rejects.toThrow(ArgumentError);
    await expect(called).rejects.toThrow("pass clip: { globalNorm: 1 } to the optimizer");
  }
  const other = new Callbacks([{ onBackward: () => 3, onEpochEnd: () => false }], {} as Training);
  await other.call("onBackward", {} as never, gradients);
});
