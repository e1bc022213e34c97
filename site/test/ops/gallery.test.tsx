import { render } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../../tools/catalogue/catalogue.ts";
import { pageData } from "../../plugins/pages.ts";
import { Card } from "../../src/ops/card.tsx";
import { exampleOf } from "../../src/ops/example.ts";
import { gallery } from "../../src/ops/gallery.tsx";
import { flaws } from "../sentences.ts";

const entries = catalogue();

test("the gallery has a card for every op, and no id twice", async () => {
  const html = render(gallery.body(await pageData("../")));
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  for (const { name } of entries) expect(ids).toContain(name);
  expect(new Set(ids).size).toBe(ids.length);
});

describe.each(entries.map((entry) => [entry.name, entry] as const))("%s", (name, entry) => {
  const text = render(<Card entry={entry} />)
    .replace(/<[^>]+>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");

  test("its card has formula, rules, declaration, lines and samples", () => {
    expect(text).toContain(entry.formula);
    for (const rule of entry.rules ?? []) if (rule !== "null") expect(text).toContain(rule);
    expect(text).toContain(`export const ${name}`);
    expect(text).toContain(`lines ${entry.first} to ${entry.last}`);
    expect(text).toContain(`${entry.samples.length} samples`);
    if (entry.paper) expect(text).toContain(entry.paper);
  });

  test("its sentences are whole", () => expect(flaws(render(<Card entry={entry} />))).toEqual([]));

  test("its example has numbers, and a gradient if one flows", () => {
    const { result } = exampleOf(entry);
    expect(result.outs.every(({ data }) => data.length > 0)).toBe(true);
    const flows = entry.rules?.some((rule) => rule !== "null") ?? true;
    const draws = entry.inputs.length === 0;
    expect(result.gradients.some((gradient) => gradient !== null)).toBe(flows && !draws);
  });
});
