import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
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

test("dependencies on other files are found: imports, types, methods that fluent.ts gives, methods of classes", () => {
  // Files of the heart with a line more, in folders where no other test looks.
  const folders: string[] = [];
  const withLine = (file: string, line: string): string => {
    const folder = mkdtempSync(join(root, "tools/heart/planted-"));
    folders.push(folder);
    const text = `${readFileSync(join(root, file), "utf8")}\n${line}\n`;
    const source = relative(folder, join(root, file, ".."));
    writeFileSync(join(folder, basename(file)), text.replace(/"\.\/([\w/-]+\.ts)"/g, `"${source}/$1"`));
    return join(folder, basename(file)).slice(root.length);
  };
  const backward = "packages/core/src/backward.ts";
  try {
    const imports = withLine(
      backward,
      'import { softmax } from "./ops/softmax.ts";\nexport const planted = softmax;',
    );
    const types = withLine(backward, 'import type { Rng } from "./random.ts";\nexport type Planted = Rng;');
    const fluent = withLine(backward, "export const planted = (x: Tensor): Tensor => x.add(x);");
    const methods = withLine(
      backward,
      'export const planted = (rng: import("./random.ts").Rng): number => rng.next();',
    );
    const found = outside([...HEART, imports, types, fluent, methods]);
    expect(found).toContain(`${imports} needs packages/core/src/ops/softmax.ts`);
    const of = (file: string): string[] => found.filter((line) => line.startsWith(file));
    expect(of(types)).toEqual([`${types} names types of packages/core/src/random.ts`]);
    expect(of(fluent)).toEqual([expect.stringMatching(/calls x\.add of fluent\.ts$/)]);
    expect(of(methods)).toContainEqual(
      expect.stringMatching(/calls rng\.next of packages\/core\/src\/random\.ts$/),
    );
    expect(found.filter((line) => HEART.some((file) => line.startsWith(file)))).toEqual([]);
  } finally {
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
});
