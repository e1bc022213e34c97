/** The dependencies between packages: by ARCHITECTURE.md, by the manifests, and by the imports of the sources. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** The packages that a package uses, by its name; packages of this repository without their scope. */
export type Arrows = ReadonlyMap<string, readonly string[]>;

/** The dependencies and imports of a package. */
export interface PackageUses {
  /** `dependencies` of its manifest. */
  readonly dependencies: readonly string[];
  /** The imports of its sources, with the file. Node's modules, its own files and optional packages are left out. */
  readonly imports: readonly { readonly from: string; readonly file: string }[];
}

/** The lines `name → name, name   text` of a document. */
export function declaredArrows(document: string): Arrows {
  const lines = [...document.matchAll(/^(\w+) +→ (\w+(?:, \w+)*)/gm)];
  return new Map(lines.map(([, name, targets]) => [name, targets.split(", ")]));
}

/** All packages of a folder, by name. */
export function packageUses(folder: string): Map<string, PackageUses> {
  return new Map(
    readdirSync(folder).map((name) => {
      const manifest = JSON.parse(readFileSync(join(folder, name, "package.json"), "utf8"));
      const optional = Object.keys(manifest.peerDependencies ?? {});
      const source = join(folder, name, "src");
      const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((f) =>
        f.endsWith(".ts"),
      );
      const imports = files.flatMap((file) =>
        ts
          .preProcessFile(readFileSync(join(source, file), "utf8"))
          .importedFiles.map(({ fileName }) => ({ from: packageOf(fileName), file: `${name}/src/${file}` }))
          .filter(({ from }) => !/^(\.|node:)/.test(from) && !optional.includes(from)),
      );
      return [name, { dependencies: Object.keys(manifest.dependencies ?? {}).map(packageOf), imports }];
    }),
  );
}

/** `core` for `@gradus/core/text`; other packages keep their scope. */
function packageOf(path: string): string {
  return /^(?:@gradus\/)?((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;
}

/** All differences between the packages and the declared arrows, as messages. */
export function complaints(declared: Arrows, packages: ReadonlyMap<string, PackageUses>): string[] {
  const names = [...declared.keys()];
  const known = (name: string): boolean => packages.has(name);
  const upward = names.flatMap((name, i) =>
    (declared.get(name) ?? [])
      .filter((target) => known(target) && names.indexOf(target) <= i)
      .map((target) => `${name} → ${target} points upward: ${target} must stand below ${name}`),
  );
  const unknown = [...packages.keys()].filter((name) => !declared.has(name));
  return [
    ...upward,
    ...names.filter((name) => !known(name)).map((name) => `there is no package ${name}`),
    ...unknown.map((name) => `${name} is not declared`),
    ...[...packages].flatMap(([name, uses]) => complaintsOf(name, declared.get(name) ?? [], uses)),
  ];
}

function complaintsOf(name: string, declared: readonly string[], uses: PackageUses): string[] {
  const imported = new Set(uses.imports.map(({ from }) => from));
  return [
    ...uses.dependencies
      .filter((target) => !declared.includes(target))
      .map((target) => `${name}/package.json: there is no arrow ${name} → ${target}`),
    ...uses.imports
      .filter(({ from }) => !declared.includes(from))
      .map(({ from, file }) => `${file}: there is no arrow ${name} → ${from}`),
    ...declared
      .filter((target) => !uses.dependencies.includes(target))
      .map((target) => `${name}/package.json lacks the dependency ${target}`),
    ...declared
      .filter((target) => !imported.has(target))
      .map((target) => `${name} → ${target}: nothing imports it`),
  ];
}
