/** `pnpm closures`: the number of files and lines that a function or program imports. */
import { closureOf, linesOf } from "./closure.ts";
import { HEART } from "./heart.ts";

const rows: readonly (readonly [what: string, files: readonly string[]])[] = [
  ["the heart", HEART],
  ["backward", closureOf("packages/core/src/backward.ts")],
  ["a step of descent", closureOf("packages/core/src/backward.ts", "packages/optim/src/descend.ts")],
  ["XOR with Dense (04)", closureOf("examples/04-xor.ts")],
  ["MNIST", closureOf("examples/mnist/main.ts")],
];
console.log(`${"to understand".padEnd(38)}files  lines`);
for (const [what, files] of rows) {
  console.log(`${what.padEnd(38)}${String(files.length).padStart(5)}${String(linesOf(files)).padStart(7)}`);
}
if (process.argv.includes("--files")) {
  for (const file of HEART) console.log(`${String(linesOf([file])).padStart(5)}  ${file}`);
}
