import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { opsTable } from "./ops-table.ts";

test("docs/ops.md has a section for every op of the registry, with the formula it declares now", () => {
  const written = readFileSync(new URL("../docs/ops.md", import.meta.url), "utf8");
  // The gradient rules are compared by `pnpm docs:ops` in CI: their source text depends on who strips the types.
  const withoutRules = (text: string): string => text.replace(/```js[\s\S]*?```/g, "");
  expect(withoutRules(written)).toBe(withoutRules(opsTable()));
});
