import { expect, test } from "vitest";
import { type Callback, Callbacks, checkCallbacks, type Training } from "../src/callbacks.ts";
import { Recorder } from "./support.ts";

test("an unknown hook is refused with the nearest known name", () => {
  class Logger {
    onEpochEnd(): void {}
    onBatchEnds(): void {}
  }
  const all = "Hooks are onTrainBegin, onEpochBegin, onBackward, onBatchEnd, onEpochEnd, onTrainEnd";
  for (const [callback, message] of [
    [new Logger(), `fit: callback 1 has an unknown hook "onBatchEnds"; did you mean "onBatchEnd"? ${all}`],
    [new (class extends Logger {})(), 'unknown hook "onBatchEnds"'],
    [{ onEpochEnd() {}, onEpochend() {} }, 'unknown hook "onEpochend"; did you mean "onEpochEnd"?'],
    [{ onClick() {} }, `fit: callback 1 has an unknown hook "onClick". ${all}`],
  ] as const) {
    expect(() => checkCallbacks("fit", [new Recorder(), callback as Callback])).toThrow(message);
  }
});

test("a callback may have other fields and methods", () => {
  const own = { online: true, on() {}, onTime: 3, steps: [], onBatchEnd() {} };
  expect(() => checkCallbacks("fit", [own, new Recorder()])).not.toThrow();
});

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
