import fc from "fast-check";
import { expect, test } from "vitest";
import { packed, unpacked } from "../../src/walk/code-link.ts";
import { depths, linkOf, OWN, type View, viewOf } from "../../src/walk/state.ts";

const names = ["two-ways", "mlp", OWN];
const views: fc.Arbitrary<View> = fc.record({
  example: fc.constantFrom(...names),
  depth: fc.constantFrom(...depths),
  at: fc.integer({ min: -1, max: 10_000 }),
  drawing: fc.constantFrom("list", "graph"),
});

test("every view survives its link", () => {
  fc.assert(
    fc.property(views, (view) => {
      const code = view.example === OWN ? "abc-_" : "";
      expect(viewOf(`#${linkOf(view, code)}`, names)).toEqual({ view, code });
    }),
  );
});

test("any text gives a view, never an error", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const { view } = viewOf(text, names);
      expect(names).toContain(view.example);
      expect(depths).toContain(view.depth);
      expect(view.at).toBeGreaterThanOrEqual(-1);
    }),
  );
  fc.assert(
    fc.property(views, fc.nat(), fc.string({ maxLength: 3 }), (view, place, text) => {
      const link = linkOf(view, "");
      const at = place % (link.length + 1);
      viewOf(link.slice(0, at) + text + link.slice(at + 1), names);
    }),
  );
});

test("every program survives its link, and any other text gives null or a program", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (source) => {
      const text = await packed(source);
      expect(text).toMatch(/^[\w-]*$/);
      expect(await unpacked(text)).toBe(source);
    }),
    { numRuns: 50 },
  );
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
      const source = await unpacked(text);
      expect(source === null || typeof source === "string").toBe(true);
    }),
    { numRuns: 100 },
  );
});

test("a link that unpacks to more than 100,000 bytes is refused", async () => {
  expect(await unpacked(await packed("x".repeat(100_000)))).toHaveLength(100_000);
  expect(await unpacked(await packed("x".repeat(10_000_000)))).toBeNull();
});
