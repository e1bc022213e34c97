import { fileURLToPath } from "node:url";
import { hook } from "@gradus/core/internal";
import { rowsOf, type TraceData } from "@gradus/core/watch";
import { Dense } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { watchProgram } from "./program.ts";

const example = (name: string): string =>
  fileURLToPath(new URL(`../../examples/${name}.ts`, import.meta.url));
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const soon = (): Promise<void> => new Promise((done) => setTimeout(done, 50));

const kinds = (trace: TraceData): string[] => rowsOf(trace).sections.map(({ kind }) => kind);
const labels = (trace: TraceData): string[] =>
  rowsOf(trace).sections.flatMap(({ rows }) => rows.filter(({ inner }) => !inner).map(({ label }) => label));

afterEach(() => {
  expect(hook()).toBeNull();
  vi.restoreAllMocks();
});

const watched: typeof watchProgram = async (...args) => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  return await watchProgram(...args);
};

describe("a training step", () => {
  test.each(["03-linear-regression", "04-xor", "06-spirals"])(
    "of %s is its forward pass, backward pass and update",
    async (name) => {
      const { trace, note } = await watched(example(name), 1, soon);
      expect(kinds(trace)).toEqual(["forward", "backward", "update"]);
      expect(note).toBeNull();
    },
  );

  test("has the names of parameters and layers, and the lines of the program", async () => {
    const { trace } = await watched(example("04-xor"), 1, soon);
    expect(labels(trace).slice(-4)).toEqual([
      "layers.0.weight ← descend",
      "layers.0.bias ← descend",
      "layers.2.weight ← descend",
      "layers.2.bias ← descend",
    ]);
    const layers = trace.events.flatMap(({ kind, within, layer }) =>
      (kind === "op" || kind === "derived") && within === null ? [layer] : [],
    );
    expect(layers).toEqual(["layers.0 (Dense)", "layers.1 (relu)", "layers.2 (Dense)", null]);
    expect(trace.events[0]).toMatchObject({ site: expect.stringMatching(/examples\/04-xor\.ts:27:\d+$/) });
    const names = trace.tensors.filter(({ kind }) => kind === "parameter").map(({ name }) => name);
    expect(new Set(names)).toEqual(
      new Set(["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"]),
    );
  });

  test("of an optimizer has the names that the optimizer was given", async () => {
    const { trace } = await watched(example("03-linear-regression"), 1, soon);
    expect(labels(trace).slice(-2)).toEqual(["weight ← SGD", "bias ← SGD"]);
  });

  test("of fit is watched op by op, with the names of layers and parameters", async () => {
    const { trace } = await watched(fixture("with-fit"), 1, soon);
    expect(kinds(trace)).toContain("update");
    expect(labels(trace).filter((label) => label.endsWith("← Adam"))).toEqual([
      "layers.0.weight ← Adam",
      "layers.0.bias ← Adam",
      "layers.2.weight ← Adam",
      "layers.2.bias ← Adam",
    ]);
  });

  test("ends a program that catches all errors, too", async () => {
    const { trace } = await watched(fixture("catches"), 2, soon);
    expect(labels(trace).filter((label) => label === "w ← SGD")).toHaveLength(2);
  });
});

describe("a program without updates", () => {
  test.each(["01-derivative", "02-graph", "05-write-your-own-op"])(
    "such as %s is shown up to its first backward pass",
    async (name) => {
      const { trace } = await watched(example(name), 1, soon);
      expect(kinds(trace)).toEqual(["forward", "backward"]);
    },
  );

  test("says how to see more", async () => {
    const { trace, note } = await watched(example("01-derivative"), 2, soon);
    expect(kinds(trace)).toEqual(["forward", "backward", "forward", "backward"]);
    expect(note).toBe(
      "no parameter is updated: a step ends with a backward pass, and --steps 3 shows one more",
    );
  });

  test("and with more events than the limit is shown as far as it goes", async () => {
    const { trace, note } = await watched(example("05-write-your-own-op"), 1, soon, {
      events: 100,
      numbers: 10,
    });
    expect(kinds(trace)).toEqual(["forward", "backward"]);
    expect(note).toContain("--steps 2");
  });
});

test("a program that throws passes its error on, and names are put back", async () => {
  const before = [Dense.prototype.forward, SGD.prototype.step];
  await expect(watched(fixture("throws"), 1, soon)).rejects.toThrow("add([2], [3]): shapes do not broadcast");
  expect([Dense.prototype.forward, SGD.prototype.step]).toEqual(before);
});

test("a program without ops has no events", async () => {
  expect((await watched(fixture("empty"), 1, soon)).trace.events).toEqual([]);
});
