import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { slow } from "../vitest.slow.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

test("every file that pnpm test:quick leaves out exists (vitest.slow.ts)", () => {
  expect(slow.filter((path) => !existsSync(root + path))).toEqual([]);
});

test("every full-length test has a short form beside it, which pnpm test runs", () => {
  const long = ["packages", "tools"].flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".long.test.ts") && !path.includes("node_modules"))
      .map((path) => `${root}${folder}/${path}`),
  );
  expect(long.length).toBeGreaterThan(0);
  expect(long.filter((path) => !existsSync(path.replace(".long.", ".")))).toEqual([]);
});
