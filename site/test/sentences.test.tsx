import { render } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { pageData } from "../plugins/pages.ts";
import { facts, walks } from "../plugins/walks.ts";
import { pages } from "../src/pages.tsx";
import { depths } from "../src/walk/state.ts";
import { walkOf } from "../src/walk/walk.ts";
import { Walker } from "../src/walk/walker.tsx";
import { flaws } from "./sentences.ts";

test.each(pages.map((page) => [page.path, page] as const))(
  "/%s: all sentences are whole",
  async (_, page) => {
    expect(flaws(render(page.body(await pageData("../"))))).toEqual([]);
  },
);

describe.each(walks().map((walk) => [walk.name, walk] as const))("%s", (_, { source, recorded }) => {
  test.each(depths)("all sentences of its steps are whole: %s", (depth) => {
    const walk = walkOf(recorded.trace, depth);
    const found = new Set<string>();
    for (let at = -1; at < walk.steps.length; at++) {
      const view = { example: "", depth, at, drawing: "list" } as const;
      const html = render(
        <Walker source={source} recorded={recorded} walk={walk} facts={facts()} view={view} />,
      );
      for (const flaw of flaws(html.replace(/<td[^>]*><\/td>/g, ""))) found.add(`step ${at + 1}: ${flaw}`);
    }
    expect([...found]).toEqual([]);
  });
});

test.each([
  ["<p></p>", "empty: <p></p>"],
  ["<p>the the end</p>", "twice: the the end"],
  ["<p>No special points: a polynomial: no special points.</p>", /said twice/],
  ["<p>a , b</p>", "joined: a , b"],
  ["<p>is undefined</p>", "no text: is undefined"],
  ["<p>No gradient flows.</p><p>None: no gradient flows.</p>", /line twice/],
])("%s is found", (html, flaw) => {
  expect(flaws(html)).toEqual([typeof flaw === "string" ? flaw : expect.stringMatching(flaw)]);
});
