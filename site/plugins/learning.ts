import { readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { learn } from "../src/landing/learn.ts";
import { type Learning, STEPS } from "../src/landing/learning.ts";

const file = new URL("../src/landing/spirals.ts", import.meta.url);

let made: Promise<Learning> | undefined;

/** The training that the first page shows, with few pictures. It is run once. */
export function learning(): Promise<Learning> {
  made ??= import(file.href).then((program) => learn(program, 32, 10));
  return made;
}

/** Its program, as a visitor can run it: with the names that it imports side by side, as far as lines of 72 characters have room. */
export function learningProgram(): string {
  const source = readFileSync(file, "utf8")
    .replace(/^export /gm, "")
    .replace(/(?<=^import \{\n)(?: {2}\w+,\n)+/, (names) =>
      `${names.replace(/\s+/g, " ").trim()} `.replace(/(.{1,70}) /g, "  $1\n"),
    );
  return `${source}
for (let i = 0; i < ${STEPS}; i++) step();
console.log(hash());
`;
}

/** `virtual:gradus-learning` has this training. */
export function learningPlugin(): Plugin {
  const name = "virtual:gradus-learning";
  return {
    name: "gradus-learning",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: async (id) =>
      id === `\0${name}`
        ? `export default JSON.parse(${JSON.stringify(JSON.stringify(await learning()))});`
        : undefined,
  };
}
