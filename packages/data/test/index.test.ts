import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const source = join(dirname(fileURLToPath(import.meta.url)), "../src");

test("the main entry runs in browsers: outside node/ nothing but core and its own files is imported", async () => {
  for (const name of (await readdir(source)).filter((file) => file.endsWith(".ts"))) {
    const text = await readFile(join(source, name), "utf8");
    const imported = [...text.matchAll(/from "([^"]+)"|import\("([^"]+)"\)|import "([^"]+)"/g)].map(
      (match) => match[1] ?? match[2] ?? match[3],
    );
    for (const from of imported)
      expect(from, name).toMatch(/^@gradus\/core(?:\/text|\/internal)?$|^\.\/[a-z-]+\.ts$/);
    expect(text, name).not.toMatch(/\b(?:Buffer|process|require|globalThis)\b\s*[.(]/);
  }
});
