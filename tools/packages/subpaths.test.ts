import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages", import.meta.url));

interface Manifest {
  readonly type: string;
  readonly main: string;
  readonly types: string;
  readonly files: readonly string[];
  readonly sideEffects: boolean | readonly string[];
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

const read = (path: string): Manifest =>
  JSON.parse(readFileSync(`${packages}/${path}/package.json`, "utf8")) as Manifest;

test.for(readdirSync(packages))(
  "K8: resolvers that do not read the exports of %s find each of its entries by main and types",
  (name) => {
    const { files, exports, ...manifest } = read(name);
    for (const [entry, target] of Object.entries(exports)) {
      if (typeof target === "string") continue; // package.json itself
      const folder = entry.slice(2);
      const up = folder === "" ? "" : ".";
      if (folder !== "") {
        expect(existsSync(`${packages}/${name}/${folder}/package.json`), `${name}/${folder}`).toBe(true);
        expect(files).toContain(folder);
      }
      const { main, types, type } = folder === "" ? manifest : read(`${name}/${folder}`);
      expect([type, main, types]).toEqual(["module", up + target.default, up + target.types]);
    }
  },
);

test.for(readdirSync(packages))(
  "bundlers keep the files of %s that are imported for their effect",
  (name) => {
    const source = `${packages}/${name}/src`;
    const { sideEffects } = read(name);
    for (const file of readdirSync(source, { recursive: true, encoding: "utf8" })) {
      if (!file.endsWith(".ts")) continue;
      const imported = readFileSync(`${source}/${file}`, "utf8").matchAll(/^import "(\.[^"]*)\.ts";/gm);
      for (const [, path] of imported) {
        const effect = join(dirname(file), path);
        expect(sideEffects).toEqual(expect.arrayContaining([`./dist/${effect}.js`, `./src/${effect}.ts`]));
      }
    }
  },
);

test("U1: the import map in the README of gradus has every entry that the packages import", () => {
  const map = /<script type="importmap">(.*?)<\/script>/s.exec(
    readFileSync(`${packages}/gradus/README.md`, "utf8"),
  );
  const { imports } = JSON.parse(map?.[1] ?? "{}") as { imports: Readonly<Record<string, string>> };
  const sources = readdirSync(packages).flatMap((name) => {
    const files = readdirSync(`${packages}/${name}/src`, { recursive: true, encoding: "utf8" });
    return files.filter((file) => file.endsWith(".ts")).map((file) => `${packages}/${name}/src/${file}`);
  });
  const used = sources.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/^(?:import|export|\}) .*from "(@gradus\/[^"]+)";$/gm)].map(
      ([, specifier]) => specifier,
    ),
  );
  expect(used.length).toBeGreaterThan(100);
  for (const specifier of new Set(used)) {
    if (/\/(node|testing)$/.test(specifier)) continue; // not for pages
    const [, name, entry = "index"] = specifier.split("/");
    const target = `./node_modules/@gradus/${name}/dist/`;
    expect([specifier, imports[specifier]?.startsWith(target)]).toEqual([specifier, true]);
    expect(imports[specifier]).toContain(entry);
  }
});
