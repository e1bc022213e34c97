import { backward, createRng, mse, ops, type Tensor } from "@gradus/core";
import { readSafetensors } from "@gradus/io";
import { namedParameters } from "@gradus/nn";
import { Adam, Plateau } from "@gradus/optim";
import { expect } from "vitest";
import { History, loadCheckpoint, saveCheckpoint } from "../../../src/index.ts";
import { bitsOf, smallNet } from "../../support.ts";

/** The parts of a training loop without `fit`: every kind of object that has a state. */
export function loop(seed: string) {
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

/** Saves a history of so many epochs, which must not become text, and loads it. */
export function expectHistorySaved(count: number): void {
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
}
