/**
 * The heart: the files that explain tensors, ops, gradients and gradient descent, in reading order. They need no other
 * file; heart.test.ts checks this.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { typescriptProgram } from "../shared/typescript-program.ts";
import { closureOf, resolve } from "./closure.ts";

export const root: string = fileURLToPath(new URL("../..", import.meta.url));

export const HEART: readonly string[] = [
  ..."errors checks shape storage tensor parameter op-arguments op"
    .split(" ")
    .map((name) => `packages/core/src/${name}.ts`),
  ..."loops arithmetic reshape lanes reduce".split(" ").map((name) => `packages/core/src/ops/${name}.ts`),
  "packages/core/src/backward.ts",
  "packages/core/src/testing/gradcheck.ts",
  "packages/core/src/product.ts",
  ..."matmul greater where relu".split(" ").map((name) => `packages/core/src/ops/${name}.ts`),
  "packages/nn/src/layer.ts",
  "packages/nn/src/named-parameters.ts",
  "packages/core/src/update.ts",
  "packages/optim/src/descend.ts",
  "examples/00-heart.ts",
];

/**
 * Files of which the heart uses only types: the kernels that a declaration names, the hook that may stand in place of
 * loops, the numbers that a tensor can be made of, the checks that importing core sets, the words for what an option may be, and the mode of a layer.
 */
export const TYPES: readonly string[] = [
  "packages/core/src/kernel.ts",
  "packages/core/src/hook.ts",
  "packages/core/src/numbers.ts",
  ...["calls", "given", "numbers", "sizes"].map((name) => `packages/core/src/check-${name}.ts`),
  "packages/core/src/testing/check-gradcheck.ts",
  "packages/nn/src/check-net.ts",
  "packages/nn/src/mode.ts",
  "packages/optim/src/gradients-for.ts",
];

/** The imports and calls of the heart that lead outside, one line each. */
export function outside(files: readonly string[] = HEART): string[] {
  const inside = new Set(files);
  const imports = files.flatMap((file) =>
    closureOf(file)
      .filter((needed) => !inside.has(needed))
      .map((needed) => `${file} needs ${needed}`),
  );
  return [...imports, ...typesFromOutside(files, inside), ...callsToOutside(files, inside)];
}

/** Types that are imported from files that are neither in the heart nor among {@link TYPES}. */
function typesFromOutside(files: readonly string[], inside: ReadonlySet<string>): string[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8");
    return [...text.matchAll(/from "(\.[^"]+)"/g)].flatMap(([, specifier]) => {
      const needed = resolve(specifier, file);
      return needed === undefined || inside.has(needed) || TYPES.includes(needed)
        ? []
        : [`${file} names types of ${needed}`];
    });
  });
}

/** Calls of functions and methods that are declared outside. A method that fluent.ts gives to tensors is outside too. */
function callsToOutside(files: readonly string[], inside: ReadonlySet<string>): string[] {
  const paths = files.map((file) => join(root, file));
  const program = typescriptProgram([...paths, join(root, "packages/core/src/fluent.ts")]);
  const checker = program.getTypeChecker();
  const found: string[] = [];
  for (const file of files) {
    const source = program.getSourceFile(join(root, file)) as ts.SourceFile;
    const visit = (node: ts.Node): void => {
      ts.forEachChild(node, visit);
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
      const { expression } = node;
      const method = ts.isPropertyAccessExpression(expression);
      let symbol = checker.getSymbolAtLocation(method ? expression.name : expression);
      if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
      for (const declaration of symbol?.declarations ?? []) {
        const place = declaration.getSourceFile().fileName;
        if (!place.startsWith(root) || place.includes("node_modules")) continue;
        const from = place.slice(root.length);
        const { line } = source.getLineAndCharacterOfPosition(node.getStart());
        // A method of a tensor that is declared as a variable is an op: fluent.ts made the method.
        const fluent = method && ts.isVariableDeclaration(declaration);
        if ((!inside.has(from) && !TYPES.includes(from)) || fluent) {
          found.push(
            `${file}:${line + 1} calls ${expression.getText(source)} of ${fluent ? "fluent.ts" : from}`,
          );
        }
        break;
      }
    };
    visit(source);
  }
  return found;
}
