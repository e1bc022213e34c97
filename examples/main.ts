/** `pnpm example 04-xor` runs one of the numbered examples; without a name it lists them. */
import { readdirSync } from "node:fs";
import { runProgram } from "./shared/failure.ts";

const folder = new URL("./", import.meta.url);
const names = readdirSync(folder)
  .filter((file) => /^\d\d-.*(?<!\.test)\.ts$/.test(file))
  .map((file) => file.replace(".ts", ""))
  .sort();
const [wanted] = process.argv.slice(2);
const matches = names.filter((name) => wanted !== undefined && name.startsWith(wanted));
if (matches.length === 1) {
  const { main } = (await import(new URL(`${matches[0]}.ts`, folder).href)) as { main: () => unknown };
  await runProgram(main);
} else {
  if (wanted !== undefined) console.error(`There is no one example called "${wanted}".`);
  console.log(`Usage: pnpm example NAME, where NAME (or its number) is one of\n\n  ${names.join("\n  ")}`);
  process.exitCode = wanted === undefined ? 0 : 1;
}
