/**
 * Changes a package's `dist` after `tsc`, as a part of `build`, so that bundles are small.
 *
 * - Each declaration of an op is marked as pure, and the calls that make its parts, so that bundlers leave out ops that are
 *   not used.
 * - `Object.values` of a module becomes a list of its exports, so that bundles need not carry their names.
 * - `formula` and `source`, which documents are made from, are left out. `Declaration` in core says so.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const DECLARING = ["defineOp", "deriveOp", "defineListOp"];
const LEFT_OUT = ["formula", "source"];

/** A module as it is published. Lines stay, so that source maps fit. */
export function forBundlers(text: string, path: string): string {
  return markPure(listValues(text, path));
}

/** `Object.values(ops)`, of all of "./ops/index.js", as `[ops.abs, ops.add, …]`. */
function listValues(text: string, path: string): string {
  return text.replace(/\bObject\.values\((\w+)\)/g, (values, name) => {
    const imported = new RegExp(`import \\* as ${name} from "(\\..*?)"`).exec(text);
    if (!imported) return values;
    const exported = readFileSync(join(dirname(path), imported[1]), "utf8").matchAll(
      /export \{(.*?)\} from/gs,
    );
    const names = [...exported].flatMap(([, list]) => list.match(/\w+/g) ?? []);
    if (names.length === 0) throw new Error(`${path}: found no exports in ${imported[1]}`);
    return `[${names.map((exportName) => `${name}.${exportName}`).join(", ")}]`;
  });
}

/** Marks declarations as pure and leaves out of them what only documents need. */
function markPure(text: string): string {
  const file = ts.createSourceFile("ops.js", text, ts.ScriptTarget.ESNext);
  let out = "";
  let done = 0;
  const replace = (start: number, end: number, replacement: string): void => {
    out += text.slice(done, start) + replacement + text.slice(start, end).replace(/[^\n]/g, "");
    done = end;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && DECLARING.includes(node.expression.getText(file))) {
      pure(node);
      const [declaration] = node.arguments;
      if (ts.isObjectLiteralExpression(declaration)) declaration.properties.forEach(change);
    } else ts.forEachChild(node, visit);
  };
  const pure = (node: ts.Node): void => replace(node.getStart(file), node.getStart(file), "/* @__PURE__ */ ");
  const change = (property: ts.ObjectLiteralElementLike): void => {
    leaveOut(property);
    // A call among the arguments of a pure call keeps it in the bundle, unless it is pure too.
    if (ts.isPropertyAssignment(property) && ts.isCallExpression(property.initializer))
      pure(property.initializer);
  };
  const leaveOut = (property: ts.ObjectLiteralElementLike): void => {
    if (!LEFT_OUT.includes(property.name?.getText(file) ?? "")) return;
    const comma = /^\s*,/.exec(text.slice(property.end))?.[0] ?? "";
    replace(property.getStart(file), property.end + comma.length, "");
  };
  visit(file);
  return out + text.slice(done);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".js")) continue;
    const path = join(folder, name);
    writeFileSync(path, forBundlers(readFileSync(path, "utf8"), path));
  }
}
