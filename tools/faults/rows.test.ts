import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * Rules that gradus has broken once. Each has a name, and the tests that hold it begin with this name: the letters are those of
 * where it was found (K by porting bug reports of other libraries, H beside PyTorch and high precision, U by using it, R by
 * attacking it).
 */
const rules: Readonly<Record<string, string>> = {
  K0: "predict, evaluate and release give their memory back at once, also in a loop without await",
  K1: "a host that refuses WebAssembly, for any reason, gets the plain loops",
  K2: "a weight of 0 times an infinite loss is 0",
  K3: "the loss of an epoch counts each batch by what the loss itself divides by, whatever the batch size",
  K4: "a missing target counts in no metric",
  K5: "a training that cannot learn is refused before the first step",
  K6: "a spread that is only rounding counts as constant",
  K7: "a missing global hurts only what needs it",
  K8: "old resolvers and bundlers find the packages and their types",
  K9: "the plans of a compiled function are bounded, and found in constant time",
  K10: "what JavaScript makes of a tensor has its numbers, or is an error",
  K11: "weights of PyTorch are never silently taken the wrong way round",
  K12: "CSV files are read as they are, or the error names the option to set",
  K13: "what is no tensor, function or size is refused by name",
  K14: "a label without an output is refused before the first step; a loss that grows a thousandfold gives a warning",
  K15: "arrays of other realms count like one's own",
  K16: "a host that refuses workers is told to allow worker-src blob:",
  K18: "fit follows variables that change during training, or refuses them",
  K19: "the NaN trap names the op that made NaN of operands without NaN",
  H1: "second derivatives at kinks and hit targets are those of the formula",
  H2: "Hessians are symmetric, also at poles and zeros",
  H3: "norms, deviations and what divides by them neither overflow nor underflow on the way",
  H4: "the axes in a message are those of the shapes in it",
  H5: "an op speaks of its own inputs, not of those of an op inside it",
  H6: "a wrong class is shown with its place in the targets",
  H7: "whole numbers that float64 holds exactly are read, however large",
  H8: "control characters never reach a message",
  H9: "the page for PyTorch's users names what behaves differently, and nothing that is out of date",
  H10: "a promise of a time says for which size",
  H11: "a message about shapes shows what was given, and where",
  H12: "defaults that are called PyTorch's are PyTorch's",
  U1: "a page needs no bundler: an import map or one file",
  U2: "a part of a dataset shows the samples that it holds",
  U3: "an option that nobody knows is refused, with the name that was meant",
  U4: "values in a progress line keep their names at any width",
  U5: "progressBar works without cli-progress",
  U6: "a net is kept compiled for single rows",
  U7: "the README says how to run without a network",
  U8: "an example that cannot write ends with a sentence",
  U9: "a failed gradient check shows slopes that compare with the formula",
  U10: "an op without golden cases is told where they come from",
  U11: "the error for a wrong kind of argument says what was given and the way out",
  U12: "the pages list everything that the packages export, and the first program explains its words",
  R1: "compile gives the numbers that there are without it, or refuses",
  R3: "whatever is saved can be loaded",
  R4: "a folder or database has one training at a time",
  R5: "a function that was released leaves nothing; full memory is no error",
  R6: "temporary files of killed saves go, and no other file does",
  R7: "a damaged checkpoint is refused; other settings than the saved ones give a warning",
  R8: "every param of every op is checked by type",
  R10: "recording and reading take linear time",
  R11: "a save that succeeded is not reported as failed",
  R12: "sizes and messages have a limit, and errors at it name op, shape and bytes",
  R13: "fit can be aborted while it waits",
  R14: "a dead worker or a blocked database does not end a program without a word",
  R15: "what a tensor, a dataset or a resumed training depends on cannot change unseen",
  "Not offered": "the common functions, losses, optimizers and schedules of PyTorch are there",
  Missing: "what users look for is there, or the README says that it is not",
  Experiments:
    "the pages of the experiments agree with the articles sentence by sentence, or say where and why not",
};

const root = fileURLToPath(new URL("../..", import.meta.url));
const texts = ["packages", "tools"].flatMap((folder) =>
  (readdirSync(join(root, folder), { recursive: true }) as string[])
    .filter((path) => path.endsWith(".test.ts") && !path.includes("node_modules"))
    .map((path) => readFileSync(join(root, folder, path), "utf8")),
);
const id = "(?:[KHUR]\\d+|Not offered|Missing|Experiments)";
const named = new Set(
  texts.flatMap((text) =>
    [...text.matchAll(new RegExp(`["'\`](${id}(?:, ${id})*): `, "g"))].flatMap(([, ids]) => ids.split(", ")),
  ),
);

test.each(Object.entries(rules))("%s has a test of its name: %s", (name) => {
  expect(named).toContain(name);
});

test("every name of a rule in a test is listed here", () => {
  expect([...named].filter((name) => !(name in rules))).toEqual([]);
});
