import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { render } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { learning, learningProgram } from "../plugins/learning.ts";
import { LearnView, momentAt, pathsOf, words } from "../src/landing/learn-view.tsx";
import { LEVELS, STEPS } from "../src/landing/learning.ts";

const learned = await learning();

describe("the training of the first page", () => {
  test("learns all points, and has pictures from the first step to the last", () => {
    const { losses, moments, points, size } = learned;
    expect(losses).toHaveLength(STEPS + 1);
    expect(losses[STEPS]).toBeLessThan(losses[0] / 20);
    expect([moments[0].step, moments.at(-1)?.step]).toEqual([0, STEPS]);
    expect(moments.at(-1)?.right).toBe(points.length);
    expect(moments[0].right).toBeLessThan(0.8 * points.length);
    for (const { levels } of moments) {
      expect(levels).toHaveLength(size * size);
      expect(levels).toMatch(new RegExp(`^[0-${LEVELS - 1}]+$`));
    }
  });

  test("shows each class where its points are: rows go from the top down", () => {
    const { points, size, moments } = learned;
    const last = moments.at(-1) as (typeof moments)[number];
    // Of the cells in which a point lies, nearly all are of its class; in a mirrored picture half of them would be.
    const cell = (x: number): number => Math.floor((size * (x + 1.15)) / 2.3);
    const right = points.filter(
      ([x, y, label]) => Number(last.levels[cell(-y) * size + cell(x)]) > (LEVELS - 1) / 2 === (label === 1),
    );
    expect(right.length).toBeGreaterThan(0.9 * points.length);
  });

  test("its program prints its hash when somebody runs it", () => {
    const root = fileURLToPath(new URL("../", import.meta.url));
    const folder = mkdtempSync(join(root, "program-"));
    try {
      writeFileSync(join(folder, "program.ts"), learningProgram());
      const args = ["--import", "tsx", "--conditions=@gradus/source", join(folder, "program.ts")];
      expect(execFileSync(process.execPath, args, { cwd: root, encoding: "utf8" }).trim()).toBe(learned.hash);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("the picture", () => {
  test("has a rectangle for neighbours of one level in a row", () => {
    expect(pathsOf("001" + "666" + "010", 3)).toEqual([
      "M0 0h2v1h-2zM0 2h1v1h-1zM2 2h1v1h-1z",
      "M2 0h1v1h-1zM1 2h1v1h-1z",
      "",
      "",
      "",
      "",
      "M0 1h3v1h-3z",
    ]);
  });

  test("shows the last moment that is not later than the step", () => {
    expect([0, 9, 10, 399, 400].map((step) => momentAt(learned, step).step)).toEqual([0, 0, 10, 390, 400]);
  });

  test("says what it shows, also without scripts", () => {
    const text = words(learned, momentAt(learned, STEPS));
    expect(text).toMatch(/^Step 400: loss 0\.0\d+, 200 of 200 points right$/);
    const html = render(<LearnView learning={learned} step={STEPS} />);
    expect(html.split(text)).toHaveLength(3); // the caption, and the name of the picture
    expect(html).not.toContain("<button");
    expect(html).not.toContain("NaN");
  });
});
