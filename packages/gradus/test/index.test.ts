import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";
import { typescriptProgram } from "../../../tools/shared/typescript-program.ts";
import * as gradus from "../src/index.ts";

const packages = fileURLToPath(new URL("../..", import.meta.url));

/** Entries that only the packages themselves use. */
const SHARED = ["./internal", "./text"];

/** The files behind the entries of a package, by the entry's path: `.`, `./node` … */
function entriesOf(name: string): [path: string, file: string][] {
  const { exports } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
  return Object.entries<Record<string, string>>(exports).flatMap(([path, { "@gradus/source": source }]) =>
    source === undefined || SHARED.includes(path) ? [] : [[path, join(packages, name, source)]],
  );
}

const own = new Map(entriesOf("gradus"));
const others = readdirSync(packages)
  .filter((name) => name !== "gradus")
  .flatMap((name) => entriesOf(name).map(([path, file]) => ({ name, path, file })));

/** The exports of each file, types included: the name and its declaration. */
const exportsOf = (() => {
  const program = typescriptProgram([...own.values(), ...others.map(({ file }) => file)]);
  const checker = program.getTypeChecker();
  return (path: string): Map<string, ts.Symbol> => {
    const file = program.getSourceFile(path);
    const module = file && checker.getSymbolAtLocation(file);
    if (!module) throw new Error(`${path} is no module`);
    return new Map(
      checker
        .getExportsOfModule(module)
        .map((symbol) => [
          symbol.name,
          symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
        ]),
    );
  };
})();

test.each(others)("every export of $name, $path is the export of gradus of that name", ({ path, file }) => {
  const umbrella = own.get(path);
  if (umbrella === undefined) throw new Error(`gradus has no entry ${path}`);
  const given = exportsOf(umbrella);
  // `export *` drops a name without a word if two packages export it.
  const lost = [...exportsOf(file)].filter(([name, symbol]) => given.get(name) !== symbol);
  expect(lost.map(([name]) => name)).toEqual([]);
});

test("gradus adds no name of its own", () => {
  for (const [path, file] of own) {
    const known = new Set(
      others.filter((other) => other.path === path).flatMap((other) => [...exportsOf(other.file).keys()]),
    );
    expect([...exportsOf(file).keys()].filter((name) => !known.has(name))).toEqual([]);
  }
});

test("the import of gradus turns the engine on", () => {
  const product = gradus.useProduct(gradus.blockedProduct);
  gradus.useProduct(product);
  expect(product !== gradus.blockedProduct).toBe(gradus.simdSupported());
});
