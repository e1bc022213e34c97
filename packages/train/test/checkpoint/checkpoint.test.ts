import { ArgumentError, backward, createRng, FormatError, mse, ops, type Tensor, tensor } from "@gradus/core";
import { loadWeights, readSafetensors, writeSafetensors } from "@gradus/io";
import { namedParameters, namedTensors } from "@gradus/nn";
import { Adam, Plateau } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { History, loadCheckpoint, type Parts, saveCheckpoint } from "../../src/index.ts";
import { bitsOf, smallNet } from "../support.ts";

/** The parts of a training loop without `fit`: every kind of object that has a state. */
function loop(seed: string) {
  const net = smallNet(seed);
  const plateau = new Plateau(0.1, { patience: 0 });
  const optimizer = new Adam(namedParameters(net), { learningRate: plateau.schedule });
  const rng = createRng("data").split(seed);
  const parts = { net, optimizer, plateau, rng };
  const train = (steps: number): void => {
    for (let i = 0; i < steps; i++) {
      const x = rng.normal([4, 2]);
      const loss: Tensor = mse(net.forward(x, { train: true, rng }), ops.square(x));
      optimizer.step(backward(loss));
      plateau.observe(loss.item());
    }
  };
  return { parts, train, bits: () => [bitsOf(net), plateau.rate, rng.state().position] };
}

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
  test("resumes a training loop with the bits of an uninterrupted one", () => {
    const whole = loop("a");
    whole.train(9);
    const first = loop("a");
    first.train(4);
    const bytes = saveCheckpoint(first.parts);
    const second = loop("b");
    loadCheckpoint(second.parts, bytes);
    second.train(5);
    expect(second.bits()).toEqual(whole.bits());
  });

  test("is a snapshot: further training does not change it", () => {
    const { parts, train } = loop("a");
    train(2);
    const bytes = saveCheckpoint(parts);
    const copy = bytes.slice();
    train(2);
    expect(bytes).toEqual(copy);
  });

  test("contains the weights under their names, so that other software finds them", () => {
    const { parts } = loop("a");
    const { names } = readSafetensors(saveCheckpoint(parts));
    expect(names).toContain("net/layers.0.weight");
    expect(names).toContain("optimizer/slots/layers.0.weight/m");
  });

  test("can be read by loadWeights", () => {
    const [net, other] = [smallNet("one"), smallNet("two")];
    loadWeights(other, saveCheckpoint({ net }));
    expect(bitsOf(other)).toEqual(bitsOf(net));
  });

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
      /"m" of "layers.0.bias" has 3 numbers where the parameter has 4/,
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

  test.each([150_000, 1_000_000])(
    "R3: a history of %i epochs is saved as tensors and can be loaded",
    (count) => {
      const epochs = Array.from({ length: count }, (_, i) => ({
        epoch: i + 1,
        loss: 1 / (i + 1),
        learningRate: 0.1,
        seconds: -0,
      }));
      const hashes = Array.from({ length: 1000 }, (_, i) => i.toString(16).padStart(64, "0"));
      const history = new History({ epochs, hashes });
      const bytes = saveCheckpoint({ history });
      expect(bytes.length).toBeLessThan(32 * count + 70_000);
      expect(readSafetensors(bytes).metadata.get("state")?.length).toBeLessThan(500);
      const other = new History({ epochs: epochs.slice(0, 1) });
      loadCheckpoint({ history: other }, bytes);
      expect(other.epochs.length).toBe(count);
      expect(other.last).toEqual(history.last);
      expect(other.hashes).toEqual(hashes);
    },
  );

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
