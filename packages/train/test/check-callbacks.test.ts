import { ArgumentError } from "@gradus/core";
import { expect, test } from "vitest";
import type { Callback } from "../src/callbacks.ts";
import { checkCallbacks } from "../src/check-callbacks.ts";
import { fit } from "../src/index.ts";
import { optionsFor, points, Recorder, smallNet } from "./support.ts";

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

test("a hook that could not run is refused: a generator, a class, what is no function", () => {
  const generator = {
    *onEpochEnd() {
      yield 1;
    },
  };
  const later = {
    async *onBatchEnd() {
      yield 1;
    },
  };
  class Hook {}
  for (const [callback, message] of [
    [generator, "fit: callback 0: onEpochEnd must be a function, which may be async, got GeneratorFunction"],
    [later, "onBatchEnd must be a function, which may be async, got AsyncGeneratorFunction"],
    [{ onEpochEnd: "log" }, 'onEpochEnd must be a function, which may be async, got "log"'],
    [{ onEpochEnd() {}, onTrainEnd: [] }, "onTrainEnd must be a function, which may be async, got []"],
    [{ onEpochEnd: Hook }, "onEpochEnd must be a function"],
  ] as const) {
    expect(() => checkCallbacks("fit", [callback as never])).toThrow(ArgumentError);
    expect(() => checkCallbacks("fit", [callback as never])).toThrow(message);
  }
  const absent = { onEpochEnd: undefined, onBatchEnd: null, async onTrainEnd() {} };
  expect(() => checkCallbacks("fit", [absent as never])).not.toThrow();
});

test("callbacks that are added or removed during a training do not count in it", async () => {
  const net = smallNet();
  let called = 0;
  const callbacks: Callback[] = [
    { onEpochEnd: () => void callbacks.push({ onEpochEnd: () => void called++ }) },
    { onEpochEnd: () => void called++ },
    { onEpochBegin: () => void callbacks.splice(1, 1) },
  ];
  await fit(net, points(8), optionsFor(net, { epochs: 3, callbacks }));
  expect(called).toBe(3);
});
