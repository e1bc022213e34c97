import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pictures } from "../pictures.ts";

test("the pictures of the walk in docs/figures are those of the page: run `pnpm site:pictures`", () => {
  const drawn = Object.entries(pictures());
  expect(drawn.map(([name]) => name)).toEqual(["walk-forward.svg", "walk-backward.svg", "walk-sum.svg"]);
  for (const [name, svg] of drawn) {
    expect(svg, name).toBe(readFileSync(new URL(`../../docs/figures/${name}`, import.meta.url), "utf8"));
    expect(svg, name).not.toMatch(/var\(|color-mix|light-dark/); // a picture stands alone
    expect(svg.length, name).toBeLessThan(4000);
  }
  expect(drawn[2][1]).toContain("gradient of a = 1 + 2 = 3");
});
