import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { closureOf, linesOf } from "./closure.ts";
import { HEART, outside, root } from "./heart.ts";

describe("the heart", () => {
  test("needs nothing from outside: no file, no type, no method", () => {
    expect(outside()).toEqual([]);
  });

  test("stays short", () => {
    expect(linesOf(HEART)).toBeLessThanOrEqual(1550);
    expect(linesOf(closureOf("packages/core/src/backward.ts"))).toBeLessThanOrEqual(925);
    const step = closureOf("packages/core/src/backward.ts", "packages/optim/src/descend.ts");
    expect(linesOf(step)).toBeLessThanOrEqual(1025);
    expect(linesOf(closureOf("examples/04-xor.ts"))).toBeLessThanOrEqual(3000);
  });

  test("is listed in ARCHITECTURE.md, file by file in its order", () => {
    const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
    const section = /## The heart\n(.*?)\n## /s.exec(text)?.[1] ?? "";
    expect([...section.matchAll(/\]\(((?:packages|examples)\/[^)]+)\)/g)].map(([, path]) => path)).toEqual(
      HEART,
    );
  });
});

describe("dependencies on other files are found:", () => {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
  });

  /** A file of the heart with a line more, in a folder where no other test looks. */
  function withLine(file: string, line: string): string {
    const folder = mkdtempSync(join(root, "tools/heart/planted-"));
    made.push(folder);
    const text = `${readFileSync(join(root, file), "utf8")}\n${line}\n`;
    const source = relative(folder, join(root, file, ".."));
    writeFileSync(join(folder, basename(file)), text.replace(/"\.\/([\w/-]+\.ts)"/g, `"${source}/$1"`));
    return join(folder, basename(file)).slice(root.length);
  }

  test("an import of a wing", () => {
    const file = withLine(
      "packages/core/src/backward.ts",
      'import { softmax } from "./ops/softmax.ts";\nexport const planted = softmax;',
    );
    expect(outside([...HEART, file])).toContain(`${file} needs packages/core/src/ops/softmax.ts`);
  });

  test("a type of a wing", () => {
    const file = withLine(
      "packages/core/src/backward.ts",
      'import type { Rng } from "./random.ts";\nexport type Planted = Rng;',
    );
    expect(outside([...HEART, file])).toEqual([`${file} names types of packages/core/src/random.ts`]);
  });

  test("a method that fluent.ts gives to tensors", () => {
    const file = withLine(
      "packages/core/src/backward.ts",
      "export const planted = (x: Tensor): Tensor => x.add(x);",
    );
    expect(outside([...HEART, file])).toEqual([expect.stringMatching(/calls x\.add of fluent\.ts$/)]);
  });

  test("a method of a class of a wing", () => {
    const file = withLine(
      "packages/core/src/backward.ts",
      'export const planted = (rng: import("./random.ts").Rng): number => rng.next();',
    );
    expect(outside([...HEART, file])).toContainEqual(
      expect.stringMatching(/calls rng\.next of packages\/core\/src\/random\.ts$/),
    );
  });
});
