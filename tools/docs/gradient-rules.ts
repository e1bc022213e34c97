import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";

const folder = new URL("../../packages/core/src/ops/", import.meta.url);

/** The gradient rules of every op as they stand in the source, by the name of the op; read with TypeScript's parser. */
export function gradientRules(): ReadonlyMap<string, readonly string[]> {
  const rules = new Map<string, readonly string[]>();
  for (const file of readdirSync(folder)) {
    const source = ts.createSourceFile(
      file,
      readFileSync(new URL(file, folder), "utf8"),
      ts.ScriptTarget.ES2022,
      true,
    );
    ts.forEachChild(source, (statement) => {
      if (!ts.isVariableStatement(statement)) return;
      for (const declaration of statement.declarationList.declarations) {
        const found = rulesOf(declaration);
        if (found) rules.set(declaration.name.getText(), found);
      }
    });
  }
  return rules;
}

/** The gradient rules of one declared op; undefined if its declaration has none. */
export function rulesOf(declaration: ts.VariableDeclaration): readonly string[] | undefined {
  const { initializer } = declaration;
  if (!initializer || !ts.isCallExpression(initializer)) return undefined;
  const vjp = findRules(initializer) ?? findRules(makerOf(initializer, declaration.getSourceFile()));
  return vjp?.elements.map(unindented);
}

/** The function of the same file that made the op, for ops that differ only in a name and a loop. */
function makerOf(call: ts.CallExpression, source: ts.SourceFile): ts.Node | undefined {
  const name = call.expression.getText();
  return source.statements.find((node) => ts.isFunctionDeclaration(node) && node.name?.text === name);
}

/** The list after the first `vjp:` below a node. */
function findRules(node: ts.Node | undefined): ts.ArrayLiteralExpression | undefined {
  if (node === undefined) return undefined;
  if (
    ts.isPropertyAssignment(node) &&
    node.name.getText() === "vjp" &&
    ts.isArrayLiteralExpression(node.initializer)
  ) {
    return node.initializer;
  }
  return ts.forEachChild(node, findRules);
}

/** The text of a node without the common indentation of its later lines. */
function unindented(node: ts.Node): string {
  const lines = node.getText().split("\n");
  const last = lines[lines.length - 1];
  const indent = lines.length > 1 ? last.length - last.trimStart().length : 0;
  return lines.map((line, i) => (i === 0 ? line : line.slice(indent))).join("\n");
}
