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

test("5,000 damaged links of a program give a view, and null or a program that is not too long", async () => {
  const code = await packed(
    'import { backward, tensor, variable } from "gradus";\nbackward(variable(tensor(3)).square());',
  );
  const link = `#v=1&code=${code}&depth=parts&at=3&as=graph`;
  const signs = "ABCxyz019-_=&%#+/\u0000\u00ff\ud800 ";
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 }), fc.nat()), { minLength: 1, maxLength: 4 }),
      async (changes) => {
        let text = link;
        for (const [place, kind, sign] of changes) {
          const at = place % text.length;
          const put = kind === 0 ? "" : signs[sign % signs.length];
          text =
            kind === 3
              ? text.slice(0, at + 1)
              : text.slice(0, at) + put + text.slice(at + (kind === 2 ? 0 : 1));
        }
        const { view, code: given } = viewOf(text, names);
        expect(names).toContain(view.example);
        expect((await unpacked(given))?.length ?? 0).toBeLessThanOrEqual(100_000);
      },
    ),
    { numRuns: 5000 },
  );
});

test("a link that unpacks to more than 100,000 bytes is refused", async () => {
  expect(await unpacked(await packed("x".repeat(100_000)))).toHaveLength(100_000);
  expect(await unpacked(await packed("x".repeat(10_000_000)))).toBeNull();
});
