import { readFileSync } from "node:fs";
import { ops } from "@gradus/core";
import { expect, test } from "vitest";
import { gradientRules } from "./gradient-rules.ts";
import { opsTable } from "./ops-table.ts";

test("docs/ops.md agrees with the registry; if not, run `pnpm docs:ops`", () => {
  expect(readFileSync(new URL("../../docs/ops.md", import.meta.url), "utf8")).toBe(opsTable());
});

test("as many rules are found in the source as the op has", () => {
  const rules = gradientRules();
  for (const [name, { spec }] of Object.entries(ops)) {
    if ("vjp" in spec)
      expect([name, rules.get(name)?.length]).toEqual([name, (spec.vjp as unknown[]).length]);
  }
});
