import { createRng, tensor } from "@gradus/core";
import { ReLU, Sequential } from "@gradus/nn";
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
import { randomNet } from "../../../../examples/articles/linear-regions/random-nets.ts";
import {
  regionsOnLine,
  regionsOnPlane,
  valueAt,
} from "../../../../examples/articles/linear-regions/regions.ts";
import { square, UNIT_LINE, UNIT_SQUARE } from "../../../../examples/articles/linear-regions/slice.ts";
import { area, grid } from "./support.ts";

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
