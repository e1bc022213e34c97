import { createRng, relu, type Tensor, tensor } from "@gradus/core";
import { Dense, heNormal, layerOutputs, ReLU, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import * as bounds from "../../../../examples/articles/linear-regions/bounds.ts";
import {
  boundNet,
  denseOf,
  folded,
  foldingNet,
  waveNet,
} from "../../../../examples/articles/linear-regions/constructions.ts";
import type { AffineLayer } from "../../../../examples/articles/linear-regions/net.ts";
import { RANDOM_BOX, randomNet } from "../../../../examples/articles/linear-regions/random-nets.ts";
import {
  type Cell,
  regionsOnLine,
  regionsOnPlane,
  valueAt,
} from "../../../../examples/articles/linear-regions/regions.ts";
import {
  type Plane,
  type Point,
  square,
  UNIT_LINE,
  UNIT_SQUARE,
} from "../../../../examples/articles/linear-regions/slice.ts";

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

function area(corners: readonly Point[]): number {
  return corners.reduce((sum, [u, v], i) => {
    const [nextU, nextV] = corners[(i + 1) % corners.length];
    return sum + (u * nextV - nextU * v) / 2;
  }, 0);
}

function contains({ corners }: Cell, [u, v]: Point): boolean {
  return corners.every(([a, b], i) => {
    const [c, d] = corners[(i + 1) % corners.length];
    return (c - a) * (v - b) - (d - b) * (u - a) >= 0;
  });
}

/** The middles of n × n squares, moved a little so that none lies on a crease of a round number. */
function grid(n: number, size: number): Point[] {
  const place = (i: number): number => size * ((2 * i + 1.0137) / n - 1);
  return Array.from({ length: n * n }, (_, i) => [place(i % n), place(Math.floor(i / n))]);
}

describe("nets whose count is known", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "one layer of %i units in general position has Σ C(n, j) regions",
    (n) => {
      for (const seed of [1, 2, 3]) {
        const net = randomNet([n], createRng("general position").split(n).split(seed));
        expect(regionsOnPlane(net, square(1e4)).activationRegions).toBe(1 + n + (n * (n - 1)) / 2);
      }
    },
  );

  test.each([1, 2, 3, 4])("%i folding layers have 4^L regions and fold", (layers) => {
    const net = foldingNet(layers);
    const { activationRegions, linearRegions } = regionsOnPlane(net, square(1));
    expect([activationRegions, linearRegions]).toEqual([4 ** layers, 4 ** layers]);
    const points = tensor(grid(20, 1).map((point) => [...point]));
    expect([...net.forward(points).data]).toEqual([...folded(points, layers).data]);
  });

  test.each([1, 2, 3, 4, 5])("waves of %i units have p^L pieces, each onto [0, 1]", (p) => {
    for (const layers of [1, 2, 3]) {
      const { cells, linearRegions } = regionsOnLine(waveNet(p, layers), UNIT_LINE);
      expect([cells.length, linearRegions]).toEqual([p ** layers, p ** layers]);
      for (const { corners, map } of cells) {
        const ends = corners.map((end) => valueAt(map[0], end)).sort((a, b) => a - b);
        expect(ends[0]).toBeCloseTo(0, 9);
        expect(ends[1]).toBeCloseTo(1, 9);
      }
    }
  });

  test.each([
    [4, 1],
    [4, 2],
    [4, 3],
    [6, 2],
    [8, 1],
    [8, 2],
    [10, 2],
  ])("%i units in %i layers, set so, reach Montúfar's lower bound", (width, layers) => {
    const { activationRegions, linearRegions } = regionsOnPlane(boundNet(width, layers), UNIT_SQUARE);
    const bound = Number(bounds.montufarLower(2, new Array(layers).fill(width)));
    expect([activationRegions, linearRegions]).toEqual([bound, bound]);
  });

  test("neighbours with equal maps are one linear region, other cells are not", () => {
    // ReLU(x) − ReLU(−x) = x
    const identity = new Sequential(denseOf([[1, -1]], [0, 0]), new ReLU(), denseOf([[1], [-1]], [0]));
    const whole = regionsOnLine(identity, { ...UNIT_LINE, range: [-1, 1] });
    expect([whole.activationRegions, whole.linearRegions]).toEqual([2, 1]);
    // ReLU(x − 1) + ReLU(−x − 1) is 0 in the middle; its negative part under one more ReLU is 0 everywhere.
    const valley = [denseOf([[1, -1]], [-1, -1]), new ReLU(), denseOf([[1], [1]], [0])];
    const three = regionsOnLine(new Sequential(...valley), { ...UNIT_LINE, range: [-2, 2] });
    expect([three.activationRegions, three.linearRegions]).toEqual([3, 3]);
    const flat = new Sequential(...valley, denseOf([[-1]], [0]), new ReLU());
    const zero = regionsOnLine(flat, { ...UNIT_LINE, range: [-2, 2] });
    expect(zero.cells.map(({ pattern }) => pattern)).toEqual(["010", "000", "100"]); // 0 is off
    expect(zero.linearRegions).toBe(1);
    // ReLU(1 − |x|) on a plane: both ends are 0, but not joined.
    const ridge = [
      denseOf(
        [
          [1, -1],
          [0, 0],
        ],
        [0, 0],
      ),
      new ReLU(),
      denseOf([[-1], [-1]], [1]),
      new ReLU(),
    ];
    const strips = regionsOnPlane(new Sequential(...ridge), square(2));
    expect([strips.activationRegions, strips.linearRegions]).toEqual([4, 4]);
  });

  test("lines through one point, double lines and rounding add no tiny cells", () => {
    const star = (slopes: readonly number[], shift: number): AffineLayer[] => [
      { weight: [slopes, slopes.map(() => 1)], bias: slopes.map((a) => -shift * (a + 1)), relu: true },
    ];
    for (const shift of [0, 0.1, 1 / 3, 0.7]) {
      for (const [wedges, slopes] of [
        [12, [-2.3, -1.1, -0.3, 0.2, 0.9, 1.7]],
        [4, [0.3, 0.3, 0.3 + 1e-15, -0.5]],
        [8, [0.2, 0.2 + 1e-6, 0.9, -1.1]],
      ] as const) {
        const { cells, neighbours } = regionsOnPlane(star(slopes, shift), square(1));
        expect([cells.length, neighbours.length]).toEqual([wedges, wedges]);
        expect(cells.reduce((sum, { corners }) => sum + area(corners), 0)).toBeCloseTo(4, 9);
      }
    }
    // The second unit is (0.1 + 0.2 − 0.3)·x, which is 5.6e-17·x in doubles: nothing but rounding.
    const first = { weight: [[1, 1, 1]], bias: [2.3, 2.3, 2.3], relu: true };
    const second = { weight: [[0.1], [0.2], [-0.3]], bias: [0], relu: true };
    const { cells } = regionsOnLine([first, second], { ...UNIT_LINE, range: [-1, 1] });
    expect(cells.map(({ pattern }) => pattern)).toEqual(["1110"]);
  });
});

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
