import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { broadcasts } from "../../tools/catalogue/catalogue.ts";
import type { Example, Facts } from "../src/walk/example.ts";
import { programOf } from "../src/walk/program.ts";
import { recorded } from "../src/walk/recorded.ts";
import { entries } from "./catalogue.ts";

const folder = fileURLToPath(new URL("../src/walk/examples/", import.meta.url));

/** The examples of the walk, each run once. */
export function walks(): readonly Example[] {
  made ??= readdirSync(folder)
    .sort()
    .map((file) => {
      const source = readFileSync(folder + file, "utf8");
      const name = file.replace(/^\d+-|\.ts$/g, "");
      const [about, ...rest] = source.split("\n");
      return {
        name,
        title: name.replaceAll("-", " "),
        about: about.replace(/^\/\/ /, ""),
        source: rest.join("\n").trim(),
        recorded: recorded(programOf(rest.join("\n").trim())),
      };
    });
  return made;
}

let made: readonly Example[] | undefined;

/** The part of the catalogue that the walk shows beside a step. */
export function facts(): Facts {
  return Object.fromEntries(
    entries().map(({ name, formula, rules, file, first }) => [
      name,
      { formula, rules, file, first, broadcasts: broadcasts(name) },
    ]),
  );
}

/** `virtual:gradus-walks` has the examples, `virtual:gradus-op-facts` the formulas and rules of all ops. */
export function walksPlugin(): Plugin {
  const modules: Readonly<Record<string, () => unknown>> = {
    "virtual:gradus-walks": walks,
    "virtual:gradus-op-facts": facts,
  };
  return {
    name: "gradus-walks",
    resolveId: (id) => (Object.hasOwn(modules, id) ? `\0${id}` : undefined),
    load: (id) => {
      const name = id.slice(1);
      if (!id.startsWith("\0") || !Object.hasOwn(modules, name)) return undefined;
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(modules[name]()))});`;
    },
  };
}
