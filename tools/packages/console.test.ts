import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages", import.meta.url));

test("K7: no source needs a console: warnings go through core's warn, which does without", () => {
  const files = readdirSync(packages, { recursive: true, encoding: "utf8" }).filter((file) =>
    /^\w+\/src\/.*\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(100);
  const found = files.filter((file) =>
    readFileSync(`${packages}/${file}`, "utf8")
      .split("\n")
      .some((line) => /\bconsole\.\w+\(/.test(line) && !/^\s*(\*|\/\/|\/\*\*)/.test(line)),
  );
  expect(found).toEqual([]);
});
