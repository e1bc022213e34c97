import type { Tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { fit } from "../../src/index.ts";
import { bitsOf, optionsFor, points, Recorder, rejection, smallNet } from "../support.ts";
import { at, expected, hooks, weightsAfter, weightsOf } from "./support.ts";

describe("a callback that throws", () => {
  const problem = new Error("disk full");
  const fail = () => {
    throw problem;
  };
  for (const hook of hooks.slice(1)) {
    for (const kind of ["at once", "later"]) {
      test(`${kind}, in ${hook}, ends training and all callbacks`, async () => {
        const net = smallNet();
        const calls: string[] = [];
        const [a, b] = [new Recorder("a ", calls), new Recorder("b ", calls)];
        const bad = at(hook, expected[hook].n, kind === "later" ? () => Promise.reject(problem) : fail);
        const options = optionsFor(net, { epochs: 3, callbacks: [a, bad, b] });
        expect(await rejection(fit(net, points(10), options))).toBe(problem);
        expect(calls.slice(-3)).toEqual([`a ${expected[hook].last}`, "a end", "b end"]);
        expect(a.ends).toEqual([{ outcome: "failed", error: problem }]);
        expect(weightsOf(net)).toEqual(await weightsAfter(expected[hook].steps));
      });
    }
  }

  test("when training begins: only the callbacks that had begun are ended", async () => {
    const net = smallNet();
    const before = bitsOf(net);
    const calls: string[] = [];
    const bad = { onTrainBegin: fail, onTrainEnd: () => void calls.push("never") };
    const options = optionsFor(net, {
      callbacks: [new Recorder("a ", calls), bad, new Recorder("b ", calls)],
    });
    expect(await rejection(fit(net, points(10), options))).toBe(problem);
    expect(calls).toEqual(["a begin", "a end"]);
    expect(bitsOf(net)).toEqual(before);
  });

  test("when training ends: the other callbacks are ended too", async () => {
    const net = smallNet();
    const recorder = new Recorder();
    const options = optionsFor(net, { callbacks: [{ onTrainEnd: fail }, recorder] });
    expect(await rejection(fit(net, points(10), options))).toBe(problem);
    expect(recorder.ends).toEqual([{ outcome: "finished" }]);
  });

  test("after another error: both errors are thrown", async () => {
    const net = smallNet();
    const first = new Error("first");
    const options = optionsFor(net, {
      callbacks: [{ onTrainEnd: fail }, at("onBatchEnd", 2, () => Promise.reject(first))],
    });
    const error = (await rejection(fit(net, points(10), options))) as AggregateError;
    expect(error).toBeInstanceOf(AggregateError);
    expect(error.errors).toEqual([first, problem]);
    expect(error.message).toMatch(/first.*disk full/);
  });
});

test("a net or loss that throws in training ends it like a callback, with the weights of the last step", async () => {
  const net = smallNet();
  const recorder = new Recorder();
  const bug = new RangeError("in the loss");
  const options = optionsFor(net, { callbacks: [recorder] });
  let calls = 0;
  const loss = (y: Tensor, t: Tensor) => {
    if (++calls === 4) throw bug; // the first is the trial
    return options.loss(y, t);
  };
  expect(await rejection(fit(net, points(10), { ...options, loss }))).toBe(bug);
  expect(recorder.calls.slice(-2)).toEqual(["batch 1.2", "end"]);
  expect(weightsOf(net)).toEqual(await weightsAfter(2));
});
