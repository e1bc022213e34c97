import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("fixtures/flat-memory.ts", import.meta.url));

test("10,000 compiled steps leave heap and resident memory within 1 % of where they were", () => {
  const args = ["--expose-gc", "--conditions=@gradus/source", "--import", "tsx", script];
  const printed = execFileSync(process.execPath, args, { encoding: "utf8" });
  const { before, after } = JSON.parse(printed);
  expect(after.heap).toBeLessThan(1.01 * before.heap);
  expect(after.rss).toBeLessThan(1.01 * before.rss);
});
