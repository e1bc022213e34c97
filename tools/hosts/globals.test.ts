import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { expectOnlyNeedsHurt, NEEDS } from "./missing-globals.ts";

test("docs/browsers.md names every global that something needs", () => {
  const page = readFileSync(new URL("../../docs/browsers.md", import.meta.url), "utf8");
  for (const name of Object.keys(NEEDS)) expect(page).toContain(`\`${name}\``);
});

test("K7: a missing global hurts only what needs it, which says so: those that something needs, and some others", () =>
  expectOnlyNeedsHurt([...Object.keys(NEEDS), "WebAssembly", "MessageChannel", "setImmediate", "console"]));
