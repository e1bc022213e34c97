/** The closure of a file's imports; a name that is imported through a package's index counts for the file that declares it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Named {
  readonly name: string;
  readonly from: string;
}

interface Module {
  /** Names that are imported and needed at run time. */
  readonly names: readonly Named[];
  /** Files that are imported as a whole. */
  readonly whole: readonly string[];
  /** The names that it re-exports from other files, or all. */
  readonly passedOn: ReadonlyMap<string, Named>;
  readonly all: readonly string[];
}

const modules = new Map<string, Module>();

/** The path of a module from the root of the repository; undefined for one that is not of this repository. */
export function resolve(specifier: string, from: string): string | undefined {
  if (specifier.startsWith(".")) return relative(root, join(root, dirname(from), specifier));
  const [, name, entry] = /^@gradus\/(\w+)(\/.*)?$/.exec(specifier) ?? [];
  if (!name) return undefined;
  const { exports } = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  return join("packages", name, exports[entry ? `.${entry}` : "."]["@gradus/source"]);
}

function moduleOf(path: string): Module {
  const known = modules.get(path);
  if (known) return known;
  const source = ts.createSourceFile(path, readFileSync(join(root, path), "utf8"), ts.ScriptTarget.ESNext);
  const names: Named[] = [];
  const whole: string[] = [];
  const all: string[] = [];
  const passedOn = new Map<string, Named>();
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement)) {
      const from = resolve((statement.moduleSpecifier as ts.StringLiteral).text, path);
      const clause = statement.importClause;
      if (from === undefined || clause?.isTypeOnly) continue;
      const bindings = clause?.namedBindings;
      if (!bindings || ts.isNamespaceImport(bindings)) whole.push(from);
      else {
        for (const { isTypeOnly, propertyName, name } of bindings.elements) {
          if (!isTypeOnly) names.push({ name: (propertyName ?? name).text, from });
        }
      }
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && !statement.isTypeOnly) {
      const from = resolve((statement.moduleSpecifier as ts.StringLiteral).text, path);
      if (from === undefined) continue;
      if (!statement.exportClause) all.push(from);
      else if (ts.isNamespaceExport(statement.exportClause))
        passedOn.set(statement.exportClause.name.text, { name: "*", from });
      else {
        for (const { isTypeOnly, propertyName, name } of statement.exportClause.elements) {
          if (!isTypeOnly) passedOn.set(name.text, { name: (propertyName ?? name).text, from });
        }
      }
    }
  }
  const made = { names, whole, passedOn, all };
  modules.set(path, made);
  return made;
}

/** The file that declares what `path` exports under a name. */
function declaring(name: string, path: string): string {
  const { passedOn, all } = moduleOf(path);
  const passed = passedOn.get(name);
  if (passed) return passed.name === "*" ? passed.from : declaring(passed.name, passed.from);
  for (const from of all) {
    if (moduleOf(from).passedOn.has(name)) return declaring(name, from);
    const text = readFileSync(join(root, from), "utf8");
    if (new RegExp(`export (const|function|class) ${name}\\b`).test(text)) return from;
  }
  return path;
}

/** The files that these files need at run time, themselves included. */
export function closureOf(...paths: readonly string[]): string[] {
  const found = new Set<string>();
  const open = [...paths];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path) || !existsSync(join(root, path))) continue;
    found.add(path);
    const { names, whole, passedOn, all } = moduleOf(path);
    open.push(...whole, ...all, ...[...passedOn.values()].map(({ from }) => from));
    open.push(...names.map(({ name, from }) => declaring(name, from)));
  }
  return [...found].sort();
}

/** The lines of files, as `wc -l` counts them. */
export function linesOf(paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + readFileSync(join(root, path), "utf8").split("\n").length - 1, 0);
}
