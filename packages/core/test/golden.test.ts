import { expect, test } from "vitest";
import { ops } from "../src/index.ts";
import { type AnyOp, describeGolden } from "./golden.ts";

const counts = describeGolden(ops, new URL("./fixtures/ops/", import.meta.url));

test("every differentiable op of the registry has at least six golden cases", () => {
  const missing = Object.entries(ops as unknown as Readonly<Record<string, AnyOp>>)
    .filter(
      ([name, { spec }]) => (spec.vjp?.some((rule) => rule !== null) ?? true) && (counts.get(name) ?? 0) < 6,
    )
    .map(([name]) => `${name} (${counts.get(name) ?? 0})`);
  expect(missing, advice(missing)).toEqual([]);
});

/** What to do about ops without golden cases. */
function advice(missing: readonly string[]): string {
  const [op = ""] = missing.map((text) => text.split(" ")[0]);
  return (
    `ops with fewer than six golden cases: ${missing.join(", ")}. Add them to packages/core/test/fixtures/ops/generate.py ` +
    "(its first comment lists the requirements) and run it. Without Python: write the cases of the op into a file of " +
    `its own, packages/core/test/fixtures/ops/${op}.json, in the fields that the comment describes, with numbers from any ` +
    "program that is not gradus"
  );
}

test("U10: an op without golden cases is told where they come from, with Python and without", () => {
  const text = advice(["softshrink (0)", "other (2)"]);
  expect(text).toMatch(/^ops with fewer than six golden cases: softshrink \(0\), other \(2\)\. /);
  expect(text).toContain("fixtures/ops/generate.py");
  expect(text).toMatch(/Without Python: .*fixtures\/ops\/softshrink\.json/);
});
