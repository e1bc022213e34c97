import { loadWeights, readSafetensors } from "@gradus/io";
import { describe, expect, test } from "vitest";
import { loadCheckpoint, saveCheckpoint } from "../../src/index.ts";
import { bitsOf, smallNet } from "../support.ts";
import { expectHistorySaved, loop } from "./checkpoint/support.ts";

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

  test("R3: a history of 150,000 epochs is saved as tensors and can be loaded", () => {
    expectHistorySaved(150_000);
  });
});
