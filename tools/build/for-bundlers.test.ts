import { fileURLToPath } from "node:url";
import { ops } from "@gradus/core";
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { forBundlers } from "./for-bundlers.ts";

/** Any module of core: what is imported is looked up from there. */
const PATH = fileURLToPath(new URL("../../packages/core/src/fluent.ts", import.meta.url));

const declared = (name: string): string => `export const cube = ${name}({
    name: "cube",
    formula: "y = x³",
    source: "Euclid",
    shape: ([x]) => x,
    forward: ([x], out) => {
        out[0] = x.data[0] ** 3;
    },
    vjp: [(g) => g],
});
export const formula = 1;
`;

test.each(["defineOp", "deriveOp", "defineListOp"])("what %s declares for documents is left out", (name) => {
  const out = forBundlers(declared(name), PATH);
  const spec = new Function(name, `${out.replaceAll("export ", "")} return cube;`)(
    (declaration: object) => declaration,
  );
  expect(Object.keys(spec)).toEqual(["name", "shape", "forward", "vjp"]);
  expect(spec.vjp).toHaveLength(1);
  expect(out).toContain("export const formula = 1;");
});

test("every line keeps its position", () => {
  const lines = (text: string): string[] => text.split("\n");
  const [before, after] = [declared("defineOp"), forBundlers(declared("defineOp"), PATH)].map(lines);
  expect(after).toHaveLength(before.length);
  for (const line of [1, 4, 5, 6, 8, 10]) expect(after[line]).toBe(before[line]);
});

test.each([
  "defineOp({ name: 'cube', shape: ([x]) => x })",
  "defineOp({ name: 'cube', forward: map((x) => x ** 3), kernel: windowKernel('cube') })",
])("a bundler leaves out an op that is not used: %s", async (declaration) => {
  const { code } = await transform(forBundlers(`const cube = ${declaration};`, PATH), {
    format: "esm",
    treeShaking: true,
  });
  expect(code).toBe("");
});

test("other objects are not changed", () => {
  const text = declared("describe");
  expect(forBundlers(text, PATH)).toBe(text);
});

test("the values of a module are listed: all it exports, once each", () => {
  const text = 'import * as ops from "./ops/index.ts";\nfor (const op of Object.values(ops)) use(op);';
  const listed = /for \(const op of \[(.*)\]\) use\(op\);/.exec(forBundlers(text, PATH))?.[1].split(", ");
  expect(listed?.toSorted()).toEqual(
    Object.keys(ops)
      .map((name) => `ops.${name}`)
      .toSorted(),
  );
});

test("the values of any other object stay a call", () => {
  expect(forBundlers("use(Object.values(ops));", PATH)).toBe("use(Object.values(ops));");
});
