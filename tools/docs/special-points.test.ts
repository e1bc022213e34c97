import { readFileSync } from "node:fs";
import * as core from "@gradus/core";
import { type Tensor, variable } from "@gradus/core";
import { compile } from "@gradus/engine";
import * as nn from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { derivativesPage } from "./derivatives.ts";
import {
  derivativesAt,
  differentiate,
  inputsOf,
  numbers,
  others,
  points,
  registry,
  type SpecialPoint,
  torch,
} from "./special-points.ts";

const titled = points.map((point, i) => [`${i}: ${title(point)}`, point] as const);

function title({ op, inputs, params }: SpecialPoint): string {
  return `${op}(${[...inputs, ...(params ? [params] : [])].map((x) => JSON.stringify(x)).join(", ")})`;
}

/** Equal up to rounding; 0 and −0 are equal, and an infinity or NaN only equals itself. */
function close(found: readonly number[], expected: readonly number[]): boolean {
  return (
    found.length === expected.length &&
    found.every(
      (x, i) =>
        x === expected[i] ||
        Object.is(x, expected[i]) ||
        Math.abs(x - expected[i]) <= 1e-13 * Math.abs(expected[i]),
    )
  );
}

describe("H1, H2: gradients and second derivatives at special points", () => {
  test.each(titled)("%s", (_, point) => {
    const { first, second } = derivativesAt(point);
    const expected = { first: numbers(point.first as never), second: numbers(point.second as never) };
    const [a, b] = [
      [first, ...second],
      [expected.first, ...(expected.second as never as number[][])],
    ];
    if (!a.every((row, i) => close(row, b[i] as number[]))) expect(a).toEqual(b);
  });

  test("are the same to the last bit when they are compiled", () => {
    for (const point of points) {
      const inputs = inputsOf(point);
      const tracked = inputs.map((x) => x.tracked);
      const run = compile((...given: Tensor[]) => differentiate(point, given));
      const eager = differentiate(point, inputs);
      const args = inputs.map((x, i) => (tracked[i] ? variable(x.detach()) : x));
      const compiled = run(...args);
      const bits = (rows: Tensor[][]): unknown =>
        rows.map((row) => row.map((x) => [...x.data].map((v) => (Object.is(v, -0) ? "-0" : v))));
      expect({ point, bits: bits(compiled) }).toEqual({ point, bits: bits(eager) });
      run.release();
    }
  });

  test("are Hessians: symmetric", () => {
    for (const point of points) {
      point.second.forEach((row, i) => {
        row.forEach((value, j) => {
          expect([title(point), value]).toEqual([title(point), point.second[j][i]]);
        });
      });
    }
  });
});

test("H1, H2: each op of core and nn has special points, or a reason why it has none", () => {
  const named = new Set([...points.map(({ op }) => op), ...Object.keys(others)]);
  expect(Object.keys(registry).filter((name) => !named.has(name))).toEqual([]);
  const exported = Object.entries({ ...core, ...nn }).filter(
    ([, value]) => typeof value === "function" && "spec" in value,
  );
  expect(exported.length).toBeGreaterThan(100);
  expect(exported.filter(([name]) => !named.has(name)).map(([name]) => name)).toEqual([]);
  expect([...named].filter((name) => !(name in registry))).toEqual([]);
  expect(Object.keys(others).filter((name) => points.some(({ op }) => op === name))).toEqual([]);
});

test("each row has PyTorch's derivatives beside it; if not, run tools/docs/special-points.py", () => {
  expect(torch.length).toBe(points.length);
});

test("docs/derivatives.md agrees with the rows; if not, run `pnpm docs:derivatives`", () => {
  expect(readFileSync(new URL("../../docs/derivatives.md", import.meta.url), "utf8")).toBe(derivativesPage());
});
