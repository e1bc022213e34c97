import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript";
import { typescriptProgram } from "./typescript-program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** An entry of a package, such as `@gradus/data/node`, as the type checker sees it. */
export interface PublicEntry {
  readonly name: string;
  readonly module: ts.Symbol;
}

/**
 * All modules that the `exports` of the packages name, in the order of the packages' names, and a type checker that has read
 * them. Not the `internal` entries: they are not public.
 */
export function publicEntries(): { entries: PublicEntry[]; checker: ts.TypeChecker } {
  const files = readdirSync(join(root, "packages")).flatMap((folder) => {
    const { name, exports } = JSON.parse(
      readFileSync(join(root, "packages", folder, "package.json"), "utf8"),
    );
    return Object.entries<Record<string, string>>(exports).flatMap(([path, { "@gradus/source": source }]) =>
      source === undefined || path === "./internal"
        ? []
        : [{ name: join(name, path), file: join(root, "packages", folder, source) }],
    );
  });
  const program = typescriptProgram(files.map(({ file }) => file));
  const checker = program.getTypeChecker();
  const entries = files.map(({ name, file }): PublicEntry => {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${file} is no module`);
    return { name, module };
  });
  return { entries, checker };
}
