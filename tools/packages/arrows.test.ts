import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { complaints, declaredArrows, type PackageUses, packageUses } from "./arrows.ts";

const declared = declaredArrows(readFileSync(new URL("../../ARCHITECTURE.md", import.meta.url), "utf8"));
const packages = packageUses(fileURLToPath(new URL("../../packages", import.meta.url)));

test("the packages use each other as ARCHITECTURE.md says", () => {
  expect([...declared.keys()].sort()).toEqual([...packages.keys()].sort());
  expect(complaints(declared, packages)).toEqual([]);
});

/** The packages with one of them changed. */
function planted(name: string, change: Partial<PackageUses>): Map<string, PackageUses> {
  const uses = packages.get(name);
  if (uses === undefined) throw new Error(`there is no ${name}`);
  return new Map([...packages, [name, { ...uses, ...change }]]);
}

test("an import that has no arrow is found", () => {
  const { imports = [] } = packages.get("nn") ?? {};
  const changed = planted("nn", { imports: [...imports, { from: "optim", file: "nn/src/dense.ts" }] });
  expect(complaints(declared, changed)).toEqual(["nn/src/dense.ts: there is no arrow nn → optim"]);
});

test("a dependency that has no arrow is found, and one that is missing", () => {
  expect(complaints(declared, planted("optim", { dependencies: ["lodash"] }))).toEqual([
    "optim/package.json: there is no arrow optim → lodash",
    "optim/package.json lacks the dependency core",
  ]);
});

test("an arrow that nothing uses is found", () => {
  expect(complaints(declared, planted("engine", { imports: [] }))).toEqual([
    "engine → core: nothing imports it",
  ]);
});

test("an arrow that points upward is found, and a package that is not declared", () => {
  const core = packages.get("core") as PackageUses;
  const upward = declaredArrows("core → nn\nnn → core");
  const both = new Map([
    ["core", { ...core, dependencies: ["nn"], imports: [{ from: "nn", file: "core/src/op.ts" }] }],
    ["nn", { ...core, dependencies: ["core"], imports: [{ from: "core", file: "nn/src/layer.ts" }] }],
  ]);
  expect(complaints(upward, both)).toEqual(["nn → core points upward: core must stand below nn"]);
  const lonely = planted("engine", {});
  lonely.set("onnx", { dependencies: [], imports: [] });
  expect(complaints(declared, lonely)).toEqual(["onnx is not declared"]);
});

test("imports of types, of sub-entries and at run time count; Node's modules and optional packages do not", () => {
  const imports = (name: string): Set<string> => new Set(packages.get(name)?.imports.map(({ from }) => from));
  expect(imports("core")).toEqual(new Set(["seedrandom"]));
  expect(imports("data")).toEqual(new Set(["core"]));
  expect(packages.get("train")?.imports).toContainEqual({ from: "io", file: "train/src/state.ts" });
});
