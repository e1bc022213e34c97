import { readFileSync } from "node:fs";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { type PartEntry, partGroups } from "./parts.ts";

const groups = partGroups();
const namesOf = (group: string): string[] => partsOf(group).map(({ name }) => name);
function partsOf(group: string): readonly PartEntry[] {
  const found = groups.find(({ name }) => name === group);
  if (found === undefined) throw new Error(`no group ${group}`);
  return found.parts;
}

test("every class of nn that has a forward is a layer", () => {
  const layers = Object.entries(nn)
    .filter(([, made]) => typeof made === "function" && "forward" in (made.prototype ?? {}))
    .map(([name]) => name);
  expect(layers.length).toBeGreaterThan(20);
  expect(namesOf("layers")).toEqual(expect.arrayContaining(layers));
});

test("every class of optim that extends Optimizer is an optimizer", () => {
  const classes = Object.entries(optim).filter(
    ([, made]) => (made as { prototype?: object }).prototype instanceof optim.Optimizer,
  );
  expect(classes.length).toBeGreaterThan(5);
  expect([...namesOf("optimizers")].sort()).toEqual(classes.map(([name]) => name).sort());
});

test("schedules, callbacks and readers are found by their types", () => {
  expect(namesOf("schedules")).toEqual(
    expect.arrayContaining(["cosineDecay", "oneCycle", "Plateau", "warmUp"]),
  );
  expect(namesOf("callbacks")).toEqual(["csvLog", "earlyStopping", "learningRateLog", "progressBar"]);
  expect(namesOf("readers")).toEqual(
    expect.arrayContaining(["loadMnist", "readCsv", "readIdx", "readSafetensors"]),
  );
});

describe.each(groups)("$name", ({ parts }) => {
  test.each(parts.map((part) => [part.name, part] as const))("%s says what it is and where", (name, part) => {
    expect(part.call).toContain(name);
    expect(part.comment.length).toBeGreaterThan(10);
    const source = readFileSync(new URL(`../../${part.file}`, import.meta.url), "utf8").split("\n");
    expect(source.slice(part.line - 1, part.line + 12).join("\n")).toContain(name);
  });
});

test("options have their comments, with defaults and their source", () => {
  const adam = partsOf("optimizers").find(({ name }) => name === "Adam");
  expect(adam?.options.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["learningRate", "beta1", "clip"]),
  );
  for (const { name, defaults } of partsOf("optimizers")) expect([name, defaults]).not.toEqual([name, null]);
  expect(adam?.defaults).toContain("keras");
  const csv = partsOf("readers").find(({ name }) => name === "readCsv");
  for (const option of csv?.options ?? [])
    expect([option.name, option.comment]).not.toEqual([option.name, ""]);
});
