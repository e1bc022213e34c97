import { readFileSync } from "node:fs";
import { createRng, tensor } from "@gradus/core";
import { expect, test } from "vitest";
import {
  approximate,
  brokenLine,
  squareNet,
  squares,
} from "../../../../examples/articles/linear-regions/approximation.ts";
import * as bounds from "../../../../examples/articles/linear-regions/bounds.ts";
import { colours } from "../../../../examples/articles/linear-regions/colours.ts";
import { foldingNet } from "../../../../examples/articles/linear-regions/constructions.ts";
import { gridLoss, train } from "../../../../examples/articles/linear-regions/learning.ts";
import { constructions, FULL, type Results } from "../../../../examples/articles/linear-regions/measure.ts";
import { drawCells, smallMultiples } from "../../../../examples/articles/linear-regions/picture.ts";
import { countRandom, randomNet } from "../../../../examples/articles/linear-regions/random-nets.ts";
import { regionsOnLine, regionsOnPlane } from "../../../../examples/articles/linear-regions/regions.ts";
import { square, UNIT_LINE } from "../../../../examples/articles/linear-regions/slice.ts";
import { tables } from "../../../../examples/articles/linear-regions/tables.ts";

const read = (path: string): string =>
  readFileSync(new URL(`../../../../docs/${path}`, import.meta.url), "utf8");

test.each([
  // inputs, widths, Pascanu, Montúfar and Serra from below, Montúfar 2017 and Serra from above
  [1, [3, 3], 12n, 12n, 16n, 16n, 16n],
  [1, [4, 4, 4], 80n, 80n, 125n, 125n, 125n],
  [2, [8], 37n, 37n, 37n, 37n, 37n],
  [2, [16], 137n, 137n, 137n, 137n, 137n],
  [2, [3, 3], 7n, 7n, null, 49n, 40n],
  [2, [4, 4], 22n, 44n, null, 121n, 121n],
  [2, [8, 8], 148n, 592n, 925n, 1369n, 1369n],
  // By hand: 4·(1 + 5 + 10); 1·(1 + 5 + 10) + 2·(1 + 5) + 1·1, for 0, 1 and 2 units of the first layer off.
  [3, [2, 5], null, null, null, 64n, 29n],
])("bounds for %i inputs and widths %j", (inputs, widths, pascanu, montufar, serra, montufar17, upper) => {
  expect(bounds.pascanuLower(inputs, widths)).toBe(pascanu);
  expect(bounds.montufarLower(inputs, widths)).toBe(montufar);
  expect(bounds.serraLower(inputs, widths)).toBe(serra);
  expect(bounds.montufarUpper(inputs, widths)).toBe(montufar17);
  expect(bounds.serraUpper(inputs, widths)).toBe(upper);
});

test("a layer's bound is Zaslavsky's, for any number of units", () => {
  for (const n of [1, 5, 64, 500]) {
    for (const inputs of [1, 2, 3]) {
      expect(bounds.serraUpper(inputs, [n])).toBe(bounds.zaslavsky(inputs, n));
    }
  }
  expect(bounds.zaslavsky(60, 60)).toBe(2n ** 60n);
});

test("six colours are enough for neighbours to differ", () => {
  for (const net of [foldingNet(4), randomNet([16, 16], createRng("colours"))]) {
    const regions = regionsOnPlane(net, square(1));
    const { cells, neighbours } = regions;
    const colour = colours(regions, square(1).box);
    expect(neighbours.filter(([a, b]) => colour[a] === colour[b])).toEqual([]);
    expect(Math.max(...colour)).toBeLessThan(6);
    expect(neighbours.length).toBeLessThanOrEqual(3 * cells.length - 6);
    expect(new Set(colours(regions, square(1).box, 2)).size).toBe(1);
  }
  // 16 × 16 squares: each has a neighbour below and one to the right, but at the rim.
  expect(regionsOnPlane(foldingNet(4), square(1)).neighbours).toHaveLength(2 * 16 * 15);
});

test("a picture has a title, and its shapes are inside their panels", () => {
  const regions = regionsOnPlane(foldingNet(2), square(1));
  const panel = {
    heading: "a < b",
    caption: "",
    draw: (size: number) =>
      drawCells(regions, square(1), size, {
        shape: [
          [0.2, 0.2],
          [0.8, 0.2],
          [0.5, 0.9],
        ],
      }),
  };
  const svg = smallMultiples("folded & drawn", [panel, panel]);
  expect(svg).toMatch(/^<svg [^>]*role="img"><title>folded &amp; drawn<\/title><rect [^>]*fill="white"/);
  expect(svg).toContain("a &lt; b");
  const subpaths = [...svg.matchAll(/ d="([^"]+)"/g)].flatMap(([, d]) => d.split("M").slice(1));
  expect(subpaths).toHaveLength(2 * (16 + 16));
  const numbers = subpaths.flatMap((path) => path.replace("z", "").split(" ").map(Number));
  expect([Math.min(...numbers), Math.max(...numbers)]).toEqual([0, 232]);
});

test("experiments: broken lines come as near as their formula says to continuous functions, and only to half a jump", () => {
  const of = (target: string) => approximate([9, 27]).filter((row) => row.target === target);
  for (const { units, largest, mean, jump, jumpOfSigmoid } of of("sin(2πx)")) {
    // The error of a broken line is at most h²/8·max |f″| with h = 1/n (de Boor 2001, II.6), a crease changes the slope by at most h·max |f″|.
    const curvature = 4 * Math.PI * Math.PI;
    expect(largest).toBeLessThanOrEqual(curvature / (8 * units * units) + 1e-12);
    expect(largest).toBeGreaterThan((0.9 * curvature) / (8 * units * units));
    expect(jump).toBeLessThanOrEqual(curvature / units);
    expect(mean).toBeLessThan(largest);
    // A sigmoid does not remove the crease.
    expect(jumpOfSigmoid).toBeGreaterThan(0.15 * jump);
    expect(jumpOfSigmoid).toBeLessThanOrEqual(jump / 4);
  }
  // √x − n·x/√n on the first piece is largest at x = 1/4n: √(1/n)/4.
  for (const { units, largest } of of("√x")) expect(largest).toBeCloseTo(1 / (4 * Math.sqrt(units)), 6);
  for (const { units, largest, mean } of of("2x mod 1")) {
    expect(largest).toBeGreaterThan(0.499);
    expect(largest).toBeLessThanOrEqual(0.5);
    // Two triangles of width 1/2n and height ½.
    expect(mean).toBeCloseTo(1 / (4 * units), 5);
  }
  const net = brokenLine((x) => x, 4);
  expect([...net.forward(tensor([[0], [0.3], [1]])).data]).toEqual([0, 0.3, 1]);
});

test("experiments: x² by waves has the pieces and the error of its formula, and is zero at 0 and one at 1", () => {
  for (const { layers, largest, expected } of squares(6)) {
    expect(largest).toBe(expected);
    const net = squareNet(layers);
    expect([...net.forward(tensor([[0], [0.5], [1]])).data]).toEqual([0, 0.25, 1]);
    expect(regionsOnLine(net, UNIT_LINE).linearRegions).toBe(2 ** layers);
  }
});

test("training brings the loss down", () => {
  const { loss, before, after } = train([8], 1, 150, 1);
  expect(gridLoss(foldingNet(1), 1)).toBe(0);
  expect(loss).toBeLessThan(0.02);
  expect(Math.min(before.activationRegions, after.activationRegions)).toBeGreaterThan(4);
});

test("the committed results are those of this code, and the documentation shows them", () => {
  const results: Results = JSON.parse(read("results/linear-regions.json"));
  expect(results).toMatchObject(constructions());
  expect(results.depth[1]).toMatchObject(countRandom(results.depth[1].widths, FULL.nets));
  expect(results.lessons[0].steps).toBe(FULL.steps);
  const page = read("linear-regions.md");
  for (const table of tables(results)) {
    for (const line of table.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(page).toContain(table.slice(table.indexOf("\n\n") + 2));
  }
});
