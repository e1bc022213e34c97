import { transform } from "esbuild";
import { expect, test } from "vitest";
import { stripSamples } from "./strip-samples.ts";

const declared = (name: string): string => `export const cube = ${name}({
    name: "cube",
    formula: "y = x³",
    source: "Euclid",
    shape: ([x]) => x,
    samples: [
        ...unarySamples(),
        sample([[2, 3]]),
    ],
    errors: cubeErrors(),
    vjp: [(g) => g],
});
export const samples = [1];
`;

test.each(["defineOp", "deriveOp", "defineListOp"])(
  "what %s declares for tests and docs is left out",
  (name) => {
    const out = stripSamples(declared(name));
    const names = ["unarySamples", "sample", "cubeErrors"];
    const spec = new Function(name, ...names, `${out.replaceAll("export ", "")} return cube;`)(
      (declaration: object) => declaration,
    );
    expect(Object.keys(spec)).toEqual(["name", "shape", "vjp"]);
    expect(spec.vjp).toHaveLength(1);
    expect(out).toContain("export const samples = [1];");
  },
);

test("every line stays where it was", () => {
  const lines = (text: string): string[] => text.split("\n");
  const [before, after] = [declared("defineOp"), stripSamples(declared("defineOp"))].map(lines);
  expect(after).toHaveLength(before.length);
  for (const line of [1, 4, 10, 11, 12]) expect(after[line]).toBe(before[line]);
});

test("a bundler leaves out an op that is not used", async () => {
  const { code } = await transform(
    stripSamples("const cube = defineOp({ name: 'cube', errors: cubeErrors() });"),
    {
      format: "esm",
      treeShaking: true,
    },
  );
  expect(code).toBe("");
});

test("other objects stay as they are", () => {
  const text = declared("describe");
  expect(stripSamples(text)).toBe(text);
});
