import { loadWeights, readSafetensors } from "@gradus/io";
import { describe, expect, test } from "vitest";
import { History, loadCheckpoint, saveCheckpoint } from "../../src/index.ts";
import { bitsOf, smallNet } from "../support.ts";
import { loop } from "./checkpoint/support.ts";

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
});
