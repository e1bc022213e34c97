import { createRng, relu, type Tensor, tensor } from "@gradus/core";
import { Dense, heNormal, layerOutputs, ReLU, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import * as bounds from "../../../../examples/articles/linear-regions/bounds.ts";
import { RANDOM_BOX, randomNet } from "../../../../examples/articles/linear-regions/random-nets.ts";
import {
  type Cell,
  regionsOnLine,
  regionsOnPlane,
  valueAt,
} from "../../../../examples/articles/linear-regions/regions.ts";
import type { Plane, Point } from "../../../../examples/articles/linear-regions/slice.ts";
import { area, grid } from "./support.ts";

/** Random nets of many shapes, with a square for each. */
const SHAPES = [
  [1],
  [5],
  [12],
  [3, 3],
  [8, 8],
  [2, 9],
  [9, 2, 9],
  [6, 6, 6],
  [4, 1, 4],
  [5, 4, 3, 4, 5],
  [24, 3],
];

const RANDOM = SHAPES.flatMap((widths) =>
  [1, 2, 3, 4].map((seed) => {
    const net = randomNet(widths, createRng("test").split(widths.join()).split(seed));
    return { widths, net, regions: regionsOnPlane(net, RANDOM_BOX) };
  }),
);

/** The patterns of points, from what the layers themselves compute. */
function patternsAt(net: Sequential, points: Tensor): string[] {
  const patterns: string[] = new Array(points.shape[0]).fill("");
  for (const { layer, input } of layerOutputs(net, points)) {
    if (!(layer instanceof ReLU)) continue;
    const units = input.shape[1];
    input.data.forEach((value, i) => {
      patterns[Math.floor(i / units)] += value > 0 ? "1" : "0";
    });
  }
  return patterns;
}

function contains({ corners }: Cell, [u, v]: Point): boolean {
  return corners.every(([a, b], i) => {
    const [c, d] = corners[(i + 1) % corners.length];
    return (c - a) * (v - b) - (d - b) * (u - a) >= 0;
  });
}

describe("random nets", () => {
  test("no count exceeds Serra's upper bound, and linear regions are no more than activation regions", () => {
    for (const { widths, regions } of RANDOM) {
      expect(regions.activationRegions).toBeLessThanOrEqual(Number(bounds.serraUpper(2, widths)));
      expect(regions.linearRegions).toBeLessThanOrEqual(regions.activationRegions);
    }
  });

  test("the areas add up to the square's, and no two cells have the same pattern", () => {
    for (const { regions } of RANDOM) {
      const areas = regions.cells.map(({ corners }) => area(corners));
      expect(Math.min(...areas)).toBeGreaterThan(0);
      expect(Math.abs(areas.reduce((sum, a) => sum + a, 0) / 36 - 1)).toBeLessThan(1e-9);
      expect(new Set(regions.cells.map(({ pattern }) => pattern)).size).toBe(regions.activationRegions);
    }
  });

  test("points of a grid have the pattern and the output of their cell; sampling finds no more patterns", () => {
    const points = grid(18, 3);
    const batch = tensor(points.map((point) => [...point]));
    for (const { net, regions } of RANDOM) {
      const outputs = net.forward(batch).data;
      const patterns = patternsAt(net, batch);
      const cells = points.map((point) => regions.cells.find((cell) => contains(cell, point)));
      expect(cells.map((cell) => cell?.pattern)).toEqual(patterns);
      const errors = cells.flatMap((cell, i) =>
        (cell as Cell).map.map((row, k) => Math.abs(valueAt(row, points[i]) - outputs[2 * i + k])),
      );
      expect(Math.max(...errors)).toBeLessThan(1e-11);
      expect(new Set(patterns).size).toBeLessThanOrEqual(regions.activationRegions);
    }
  });

  test("a line and a plane of a net with five inputs agree with each other and with the net", () => {
    const rng = createRng("slices");
    const net = new Sequential(
      new ReLU(),
      new Dense(5, 9, { rng, init: heNormal, activation: relu }),
      new Sequential(new Dense(9, 7, { rng, init: heNormal, bias: false }), relu, new ReLU()),
      new Dense(7, 6, { rng, init: heNormal }),
      new Dense(6, 3, { rng, init: heNormal }),
    );
    const [origin, along, across] = [1, 2, 3].map((i) => [...rng.split(i).normal([5]).data]);
    const line = regionsOnLine(net, { origin, direction: along, range: [-4, 4] });
    const plane = regionsOnPlane(net, {
      origin,
      directions: [along, across],
      box: [
        [-4, 4],
        [-1, 1],
      ],
    });
    const patterns = new Set(plane.cells.map(({ pattern }) => pattern));
    expect(line.activationRegions).toBeGreaterThan(5);
    line.cells.forEach(({ corners: [[from], [to]], pattern, map }, i) => {
      expect(from).toBe(i === 0 ? -4 : line.cells[i - 1].corners[1][0]);
      expect(patterns).toContain(pattern);
      const middle = (from + to) / 2;
      const output = net.forward(tensor([origin.map((o, k) => o + middle * along[k])])).data;
      map.forEach((row, k) => {
        expect(Math.abs(valueAt(row, [middle]) - output[k])).toBeLessThan(1e-11);
      });
    });
    expect(line.cells.at(-1)?.corners[1][0]).toBe(4);
  });

  test("the count does not depend on the units of the box", () => {
    const net = randomNet([8, 8], createRng("scale"));
    const stretched: Plane = {
      origin: [0, 0],
      directions: [
        [1e-6, 0],
        [0, 1e5],
      ],
      box: [
        [-3e6, 3e6],
        [-3e-5, 3e-5],
      ],
    };
    const [a, b] = [RANDOM_BOX, stretched].map((plane) => regionsOnPlane(net, plane));
    expect([b.activationRegions, b.linearRegions]).toEqual([a.activationRegions, a.linearRegions]);
  });
});
