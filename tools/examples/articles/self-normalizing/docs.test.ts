import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fillIn } from "../../../../examples/articles/self-normalizing/docs.ts";
import { experiments } from "../../../../examples/articles/self-normalizing/experiments.ts";
import {
  accuracyByDepth,
  accuracyCurves,
  variancesByLayer,
} from "../../../../examples/articles/self-normalizing/figures.ts";
import { readRuns } from "../../../../examples/articles/self-normalizing/store.ts";
import { resultTable, spread } from "../../../../examples/articles/self-normalizing/tables.ts";
import { asMarkdown, asText } from "../../../../examples/shared/table.ts";
import { done, small, tiny } from "./support.ts";

describe("tables and figures", () => {
  const runs = [done("SELU", 1, [40, 50]), done("SELU", 2, [42, 52]), done("ReLU", 1, [10])];

  test("a row has the mean and the deviation of its seeds, and the published numbers below", () => {
    const table = resultTable(tiny, runs);
    expect(table).toEqual([
      ["arm", "seeds", "epoch 1", "epoch 2", "test", "test loss"],
      ["SELU", "2", "82.00 ± 2.83", "102.00 ± 2.83", "51.00 ± 1.41", "0.5000 ± 0.0000"],
      ["  published", "", "12.50", "", "", ""],
      ["ReLU", "1", "20.00", "–", "10.00", "0.5000"],
    ]);
    expect(asText(table).split("\n")[0]).toMatch(/^arm +seeds +epoch 1/);
    expect(asMarkdown(table).split("\n")[1]).toBe("| --- | ---: | ---: | ---: | ---: | ---: |");
    expect(spread([Number.NaN], 2)).toBe("–");
  });

  test("figures are whole SVG files with a title", async () => {
    const depth = { ...tiny, arms: [{ name: "2 layers, SELU", settings: small }] };
    for (const svg of [
      await accuracyCurves(tiny, runs),
      await variancesByLayer(tiny, runs),
      await accuracyByDepth(depth, [{ ...runs[0], arm: "2 layers, SELU" }]),
    ]) {
      expect(svg).toMatch(/^<svg[\s\S]*<title>[^<]+<\/title>[\s\S]*<\/svg>\s*$/);
      expect(svg).not.toMatch(/NaN|undefined/);
    }
  });

  test("an experiment without runs is marked as missing, and has no figures", () => {
    const text = "a\n<!-- results: tiny -->\nold\n<!-- end -->\nb";
    const none = fillIn(text, [tiny], []);
    expect(none).toMatch(/^a\n<!-- results: tiny -->\nNot run yet: .*\n<!-- end -->\nb$/);
    const filled = fillIn(none, [tiny], runs);
    expect(filled).toContain("| ReLU | 1 | 20.00 | – | 10.00 | 0.5000 |");
    expect(filled).toContain("![Tiny](figures/self-normalizing-tiny.svg)");
  });

  test("the tables of the text are those of the committed results", () => {
    const docs = (name: string): string =>
      fileURLToPath(new URL(`../../../../docs/${name}`, import.meta.url));
    const text = readFileSync(docs("self-normalizing.md"), "utf8");
    expect(fillIn(text, experiments, readRuns(docs("results/self-normalizing.json")))).toBe(text);
    expect(() => fillIn("<!-- results: none -->\n<!-- end -->", experiments, [])).toThrow(
      /none, which is no experiment/,
    );
  });
});
