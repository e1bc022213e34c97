import { ArgumentError, createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import {
  bumps,
  checkerboard,
  circles,
  type Dataset,
  gaussians,
  moons,
  type PlaneClassOptions,
  plane,
  rings,
  spirals,
  xor,
} from "../src/index.ts";

const rng = () => createRng("plane");
const classSets = { spirals, circles, moons, xor, gaussians, rings, checkerboard };
const point = (d: Dataset, i: number): number[] => [d.inputs[2 * i], d.inputs[2 * i + 1]];

/** The samples as letters, 40 columns and 20 lines, y upwards: a picture to look at. */
function picture(dataset: Dataset): string {
  const lines = Array.from({ length: 20 }, () => new Array<string>(40).fill(" "));
  for (let i = 0; i < dataset.size; i++) {
    const [x, y] = point(dataset, i);
    const [column, line] = [Math.floor((x + 1.1) / 0.055), Math.floor((1.1 - y) / 0.11)];
    if (lines[line]?.[column] !== undefined) lines[line][column] = "abcde"[dataset.targets[i]];
  }
  return lines.map((line) => line.join("").trimEnd()).join("\n");
}

describe("data sets in the plane", () => {
  test.each(Object.entries(classSets))("%s: a picture to look at", (_, make) => {
    expect(`\n${picture(make({ rng: rng(), count: 300, noise: 0.01 }))}\n`).toMatchSnapshot();
  });

  test.each(Object.entries(classSets))(
    "%s: [count, 2], balanced, class after class, repeatable",
    (_, make) => {
      const data = make({ rng: rng(), count: 101 });
      expect([data.size, data.inputShape, data.classes]).toEqual([101, [2], 2]);
      const labels = [...data.targets];
      expect(labels.filter((label) => label === 0)).toHaveLength(51);
      expect(labels).toEqual(labels.toSorted());
      expect(make({ rng: rng(), count: 101 }).inputs).toEqual(data.inputs);
      expect(make({ rng: createRng("other"), count: 101 }).inputs).not.toEqual(data.inputs);
    },
  );

  test("spirals without noise lie at angle 3.5πr, turned by 2π/classes", () => {
    const data = spirals({ rng: rng(), count: 30, noise: 0, classes: 3 });
    for (let i = 0; i < 30; i++) {
      const [x, y] = point(data, i);
      const r = 0.08 + 0.09 * (i % 10);
      const angle = 3.5 * Math.PI * r + (2 * Math.PI * Math.floor(i / 10)) / 3;
      expect(x).toBeCloseTo(r * Math.cos(angle), 12);
      expect(y).toBeCloseTo(r * Math.sin(angle), 12);
    }
  });

  // scikit-learn: make_circles(8, shuffle=False, factor=0.5), make_moons(6, shuffle=False), formulas of its documentation.
  test("circles and moons are those of scikit-learn, moons scaled", () => {
    const round = circles({ rng: rng(), count: 8, noise: 0 });
    expect([0, 1, 4, 6].map((i) => point(round, i).map((v) => Math.round(v * 1e9) / 1e9 + 0))).toEqual([
      [1, 0],
      [0, 1],
      [0.5, 0],
      [-0.5, 0],
    ]);
    const half = moons({ rng: rng(), count: 6, noise: 0 });
    const original = [...Array(6).keys()].map((i) =>
      point(half, i).map((v, axis) => Math.round((v * 1.5 + [0.5, 0.25][axis]) * 1e9) / 1e9 + 0),
    );
    expect(original).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, 0.5],
      [1, -0.5],
      [2, 0.5],
    ]);
  });

  test("xor, rings, checkerboard: the class follows from the place", () => {
    const quarters = xor({ rng: rng(), count: 400 });
    const discs = rings({ rng: rng(), count: 400, classes: 4 });
    const board = checkerboard({ rng: rng(), count: 900, classes: 3 });
    for (let i = 0; i < 400; i++) {
      const [x, y] = point(quarters, i);
      expect(Number(x * y < 0)).toBe(quarters.targets[i]);
      expect(Math.min(Math.abs(x), Math.abs(y))).toBeGreaterThanOrEqual(0.1);
      const inRing = Math.hypot(...point(discs, i)) * 4 - discs.targets[i];
      expect(inRing).toBeGreaterThan(-1e-9);
      expect(inRing).toBeLessThan(0.7 + 1e-9);
    }
    const squares = new Set<string>();
    for (let i = 0; i < 900; i++) {
      const [column, row] = point(board, i).map((v) => Math.floor((v + 1) * 3));
      expect((row + column) % 3).toBe(board.targets[i]);
      squares.add(`${row} ${column}`);
    }
    expect(squares.size).toBe(36);
  });

  test("gaussians: mean 0.7 from the middle at π/4, noise is the standard deviation", () => {
    const data = gaussians({ rng: rng(), count: 20_000, noise: 0.2 });
    const first = [...data.inputs].filter((_, i) => i < 20_000 && i % 2 === 0);
    const mean = first.reduce((sum, x) => sum + x, 0) / first.length;
    const variance = first.reduce((sum, x) => sum + (x - mean) ** 2, 0) / first.length;
    expect(mean).toBeCloseTo(0.7 * Math.SQRT1_2, 2);
    expect(Math.sqrt(variance)).toBeCloseTo(0.2, 2);
  });

  test("plane and bumps: targets [n, 1] by their formulas", () => {
    const flat = plane({ rng: rng(), count: 50 });
    const hills = bumps({ rng: rng(), count: 50 });
    expect([flat.targetShape, hills.targetShape, flat.classes]).toEqual([[1], [1], undefined]);
    for (let i = 0; i < 50; i++) {
      const [x, y] = point(flat, i);
      expect(flat.targets[i]).toBe((x + y) / 2);
      let z = 0;
      for (const a of [-0.5, 0.5]) {
        for (const b of [-0.5, 0.5]) z += Math.sign(a * b) * Math.exp(-8 * ((x - a) ** 2 + (y - b) ** 2));
      }
      expect(point(hills, i)).toEqual([x, y]);
      expect(hills.targets[i]).toBeCloseTo(z, 12);
    }
    expect(plane({ rng: rng(), count: 50, noise: 0.1 }).targets).not.toEqual(flat.targets);
  });

  test("bad options are refused by name", () => {
    const error = (options: object): string => {
      try {
        spirals(options as PlaneClassOptions);
      } catch (e) {
        expect(e).toBeInstanceOf(ArgumentError);
        return (e as Error).message;
      }
      throw new Error("accepted");
    };
    expect(error({})).toContain("spirals: rng must be a random stream");
    expect(error({ rng: rng(), n: 3 })).toContain('spirals: unknown option "n"');
    expect(error({ rng: rng(), classes: 1 })).toBe("spirals: classes must be a whole number ≥ 2, got 1");
    expect(error({ rng: rng(), noise: -1 })).toContain("noise must be a finite number ≥ 0, got -1");
    expect(error({ rng: rng(), count: 2, classes: 3 })).toBe(
      "spirals: count must be at least the number of classes, 3, got 2",
    );
    expect(() => moons({ rng: rng(), classes: 3 } as never)).toThrow('moons: unknown option "classes"');
  });
});
