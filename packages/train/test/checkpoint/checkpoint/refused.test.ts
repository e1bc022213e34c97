import { ArgumentError, createRng, FormatError, tensor } from "@gradus/core";
import { readSafetensors, writeSafetensors } from "@gradus/io";
import { namedTensors } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { loadCheckpoint, type Parts, saveCheckpoint } from "../../../src/index.ts";
import { loop } from "./support.ts";

// biome-ignore lint/suspicious/noExplicitAny: to be broken in any way
type States = Record<string, any>;

/** The same checkpoint with its metadata changed. */
function changed(bytes: Uint8Array, change: (metadata: Map<string, string>) => void): Uint8Array {
  const file = readSafetensors(bytes);
  const metadata = new Map(file.metadata);
  change(metadata);
  return writeSafetensors(
    file.names.map((name) => [name, file.tensor(name)]),
    { metadata, digest: true },
  );
}

describe("a checkpoint", () => {
  test.each<[string, (bytes: Uint8Array, parts: Parts) => [Parts, Uint8Array], RegExp]>([
    ["weights alone", (_, { net }) => [{ net }, writeSafetensors([])], /weights alone; loadWeights/],
    [
      "a newer version",
      (bytes, parts) => [parts, changed(bytes, (m) => m.set("version", "2"))],
      /reads version "1", not "2"/,
    ],
    [
      "no version",
      (bytes, parts) => [parts, changed(bytes, (m) => void m.delete("version"))],
      /reads version "1", not undefined/,
    ],
    ["no state", (bytes, parts) => [parts, changed(bytes, (m) => void m.delete("state"))], /not JSON/],
    [
      "a list as its state",
      (bytes, parts) => [parts, changed(bytes, (m) => m.set("state", "[]"))],
      /not an object/,
    ],
    [
      "a part that is missing and one too many",
      (bytes, { net, ...rest }) => [{ model: net, ...rest }, bytes],
      /it has no "model"; it has "net", which is none of these parts/,
    ],
  ])("%s is refused, and nothing is changed", (_, make, message) => {
    const saved = loop("a");
    saved.train(3);
    const target = loop("b");
    target.train(2);
    const before = saveCheckpoint(target.parts);
    const [parts, bytes] = make(saveCheckpoint(saved.parts), target.parts);
    const load = (): void => loadCheckpoint(parts, bytes);
    expect(load).toThrow(FormatError);
    expect(load).toThrow(message);
    expect(saveCheckpoint(target.parts)).toEqual(before);
  });

  test.each<[string, (states: States) => void, RegExp]>([
    ["a tensor of the net missing", ({ net }) => delete net["layers.0.bias"], /missing "layers.0.bias"/],
    [
      "a tensor of another shape",
      ({ net }) => (net["layers.0.bias"] = tensor([1])),
      /is \[1\] where the net has \[4\]/,
    ],
    ["an array for a tensor", ({ net }) => (net["layers.0.bias"] = new Float64Array(4)), /is no tensor/],
    ["no net", (states) => (states.net = 7 as never), /missing "layers.0.weight"/],
    [
      "the name of another optimizer",
      ({ optimizer }) => (optimizer.optimizer = "SGD"),
      /state of "SGD", not of Adam/,
    ],
    [
      "no name of an optimizer",
      ({ optimizer }) => delete optimizer.optimizer,
      /state of undefined, not of Adam/,
    ],
    [
      "a newer version of its state",
      ({ optimizer }) => (optimizer.version = 2),
      /version 2 is not known, only 1/,
    ],
    ["no moments", ({ optimizer }) => delete optimizer.slots, /slots must be an object/],
    [
      "a moment missing",
      ({ optimizer: { slots } }) => delete slots["layers.0.bias"].m,
      /"m" of "layers.0.bias" is missing/,
    ],
    [
      "a moment of another shape",
      ({ optimizer: { slots } }) => (slots["layers.0.bias"].m = new Float64Array(3)),
      /"m" of "layers.0.bias" has 3 numbers, the parameter 4/,
    ],
    [
      "a moment that is text",
      ({ optimizer: { slots } }) => (slots["layers.0.bias"].m = "#"),
      /must be a Float64Array/,
    ],
    ["a step count of −1", ({ optimizer }) => (optimizer.stepCount = -1), /stepCount must be a whole number/],
    [
      "a step count of NaN",
      ({ optimizer }) => (optimizer.stepCount = Number.NaN),
      /stepCount must be a whole number/,
    ],
    [
      "a step count of 1e308",
      ({ optimizer }) => (optimizer.stepCount = 1e308),
      /stepCount must be a whole number/,
    ],
    ["half a random state", ({ rng }) => delete rng.position, /not a random state/],
    ["a random state before the first number", ({ rng }) => (rng.position = -1), /not a random state/],
    [
      "a random state of another kind",
      ({ rng }) => (rng.version = 2),
      /version 2 of a random state is not known/,
    ],
    ["a rate of −1", ({ plateau }) => (plateau.rate = -1), /plateau.restore: not a state/],
  ])("with %s is refused, and nothing is changed", (_, edit, message) => {
    const saved = loop("a").parts;
    const { net, optimizer, plateau, rng } = saved;
    const states: States = {
      net: Object.fromEntries(namedTensors(net)),
      optimizer: structuredClone(optimizer.state()),
      plateau: { ...plateau.state() },
      rng: { ...rng.state() },
    };
    edit(states);
    const bytes = saveCheckpoint(
      Object.fromEntries(
        Object.entries(states).map(([name, state]) => [name, { state: () => state, restore() {} }]),
      ),
    );
    const target = loop("b");
    target.train(2);
    const before = saveCheckpoint(target.parts);
    const load = (): void => loadCheckpoint(target.parts, bytes);
    expect(load).toThrow(FormatError);
    expect(load).toThrow(message);
    expect(saveCheckpoint(target.parts)).toEqual(before);
  });

  test.each([
    ["does not have", "#tensor net/x", /names the tensor "net\/x", which the file does not have/],
    ["has once, twice", "#tensor net/layers.0.weight", /does not have or the state names twice/],
  ])("may not take a tensor that the file %s", (_, other, message) => {
    const { parts } = loop("a");
    const bytes = changed(saveCheckpoint(parts), (metadata) => {
      metadata.set("state", (metadata.get("state") ?? "").replace("#tensor net/layers.0.bias", other));
    });
    expect(() => loadCheckpoint(parts, bytes)).toThrow(FormatError);
    expect(() => loadCheckpoint(parts, bytes)).toThrow(message);
  });

  test("R3: a state that is undefined is refused when it is saved", () => {
    const save = (): unknown => saveCheckpoint({ best: { state: () => undefined, restore() {} } });
    expect(save).toThrow(ArgumentError);
    expect(save).toThrow('state() of "best" gave undefined; if it has no state, let it give null');
  });

  test("R7: one flipped bit anywhere is refused, and nothing is changed", () => {
    const bytes = saveCheckpoint(loop("a").parts);
    const { parts } = loop("b");
    const before = saveCheckpoint(parts);
    const rng = createRng("bits");
    for (let i = 0; i < 2000; i++) {
      const [at, bit] = [rng.integer(bytes.length), 1 << rng.integer(8)];
      bytes[at] ^= bit;
      expect(() => loadCheckpoint(parts, bytes), `byte ${at}`).toThrow(FormatError);
      bytes[at] ^= bit;
    }
    expect(saveCheckpoint(parts)).toEqual(before);
  });

  test("refuses what holds no parts: nothing would be saved, without a word", () => {
    const { net } = loop("a").parts;
    const bytes = saveCheckpoint({ net });
    for (const parts of [new Map([["net", net]]), new Set([net]), [net], {}, net, null, undefined, bytes]) {
      expect(() => saveCheckpoint(parts as never)).toThrow(ArgumentError);
      expect(() => loadCheckpoint(parts as never, bytes)).toThrow("needs an object of parts such as");
    }
    expect(() => saveCheckpoint(net as never)).toThrow("did you mean { net }?");
  });

  test("accepts nets and objects with a state, and refuses anything else", () => {
    expect(() => saveCheckpoint({ rate: 0.1 } as unknown as Parts)).toThrow(ArgumentError);
    expect(() => saveCheckpoint({ rate: 0.1 } as unknown as Parts)).toThrow(
      /"rate" must be a net or have state/,
    );
  });
});
