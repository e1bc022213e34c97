import { ArgumentError, backward, createRng, FormatError, mse, ops, type Tensor } from "@gradus/core";
import { namedParameters } from "@gradus/nn";
import { Adam, Plateau } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { loadCheckpoint, type Parts, saveCheckpoint } from "../../src/index.ts";
import { readSafetensors } from "../../src/safetensors/read.ts";
import { writeSafetensors } from "../../src/safetensors/write.ts";
import { bitsOf, smallNet } from "../support.ts";

/** A training loop of one's own, with everything that has a state. */
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

/** The same checkpoint with its metadata changed. */
function changed(bytes: Uint8Array, change: (metadata: Map<string, string>) => void): Uint8Array {
  const file = readSafetensors(bytes);
  const metadata = new Map(file.metadata);
  change(metadata);
  return writeSafetensors(
    file.names.map((name) => [name, file.tensor(name)]),
    { metadata },
  );
}

describe("a checkpoint", () => {
  test("lets a training loop go on as if it had not stopped", () => {
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

  test("is a snapshot: training on does not change it", () => {
    const { parts, train } = loop("a");
    train(2);
    const bytes = saveCheckpoint(parts);
    const copy = bytes.slice();
    train(2);
    expect(bytes).toEqual(copy);
  });

  test("has the weights under their names, so that other software finds them", () => {
    const { parts } = loop("a");
    const { names } = readSafetensors(saveCheckpoint(parts));
    expect(names).toContain("net/layers.0.weight");
    expect(names).toContain("optimizer/slots/layers.0.weight/m");
  });

  test.each<[string, (bytes: Uint8Array, parts: Parts) => [Parts, Uint8Array], RegExp]>([
    ["weights alone", (_, { net }) => [{ net }, writeSafetensors([])], /weights alone; loadWeights/],
    [
      "a newer version",
      (bytes, parts) => [parts, changed(bytes, (m) => m.set("version", "2"))],
      /version "2" is not known/,
    ],
    [
      "no version",
      (bytes, parts) => [parts, changed(bytes, (m) => void m.delete("version"))],
      /version undefined/,
    ],
    ["no state", (bytes, parts) => [parts, changed(bytes, (m) => void m.delete("state"))], /not JSON/],
    [
      "a list as its state",
      (bytes, parts) => [parts, changed(bytes, (m) => m.set("state", "[]"))],
      /not an object/,
    ],
    [
      "a tensor that is not there",
      (bytes, parts) => [
        parts,
        changed(bytes, (m) =>
          m.set("state", (m.get("state") ?? "").replace("#tensor net/layers.0.bias", "#tensor net/x")),
        ),
      ],
      /takes a tensor "net\/x", which the file does not have/,
    ],
    [
      "a tensor that is taken twice",
      (bytes, parts) => [
        parts,
        changed(bytes, (m) =>
          m.set(
            "state",
            (m.get("state") ?? "").replace("#tensor net/layers.0.bias", "#tensor net/layers.0.weight"),
          ),
        ),
      ],
      /does not have, or only once/,
    ],
    [
      "a part that is missing and one too many",
      (bytes, { net, ...rest }) => [{ model: net, ...rest }, bytes],
      /it has no "model"; it has "net", which nothing here takes/,
    ],
    [
      "a state of another optimizer",
      (bytes, parts) => [
        parts,
        changed(bytes, (m) => m.set("state", (m.get("state") ?? "").replace('"Adam"', '"SGD"'))),
      ],
      /state of "SGD", not of Adam/,
    ],
    [
      "half a random state",
      (bytes, parts) => [
        parts,
        changed(bytes, (m) =>
          m.set("state", (m.get("state") ?? "").replace(/"position":\d+/, '"position":-1')),
        ),
      ],
      /not a random state/,
    ],
    [
      "a step count of 1e308",
      (bytes, parts) => [
        parts,
        changed(bytes, (m) =>
          m.set("state", (m.get("state") ?? "").replace(/"stepCount":\d+/, '"stepCount":1e308')),
        ),
      ],
      /stepCount must be a whole number/,
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

  test("takes nets and what has a state, and says so of anything else", () => {
    expect(() => saveCheckpoint({ rate: 0.1 } as unknown as Parts)).toThrow(ArgumentError);
    expect(() => saveCheckpoint({ rate: 0.1 } as unknown as Parts)).toThrow(
      /"rate" must be a net or have state/,
    );
  });
});
