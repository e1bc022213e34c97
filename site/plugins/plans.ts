import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { hashesOf, type Made, type PlannedProgram, planOf } from "../src/compile/program.ts";

const folder = new URL("../src/compile/programs/", import.meta.url);

let made: Promise<readonly PlannedProgram[]> | undefined;

/** The programs of the compile page, each planned and run once. */
export function plans(): Promise<readonly PlannedProgram[]> {
  made ??= Promise.all(
    readdirSync(fileURLToPath(folder))
      .sort()
      .map(async (file): Promise<PlannedProgram> => {
        const { make } = (await import(new URL(file, folder).href)) as { make(): Made };
        const [about, ...rest] = readFileSync(new URL(file, folder), "utf8").split("\n");
        const name = file.replace(/^\d+-|\.ts$/g, "");
        return {
          name,
          title: name.replaceAll("-", " "),
          about: about.replace(/^\/\/ /, ""),
          source: rest.join("\n").trim(),
          plan: planOf(make),
          hashes: hashesOf(make),
        };
      }),
  );
  return made;
}

/** `virtual:gradus-plans` has the programs of the compile page with their plans. */
export function plansPlugin(): Plugin {
  const name = "virtual:gradus-plans";
  return {
    name: "gradus-plans",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: async (id) =>
      id === `\0${name}`
        ? `export default JSON.parse(${JSON.stringify(JSON.stringify(await plans()))});`
        : undefined,
  };
}
