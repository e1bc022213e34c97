/** The table of instructions, and where the words and numbers of an instruction are: what all files that are made of it need. */
// biome-ignore lint/style/noRestrictedImports: a table that imports nothing and that the package does not load
import * as table from "../../packages/engine/src/wasm/instructions.ts";

export type Format = table.Format;
type InstructionEntry = table.InstructionEntry;
export const { formats, instructions, namesIn, numbersOf, operandsOf, wordsOf } = table;

export const WORD_BYTES = 4;
export const NUMBER_BYTES = 8;
export const SOURCE = "packages/engine/src/wasm/instructions.ts";

/** The first words of the instructions of a module, which the engine writes. */
export const MODULE_ADDRESSES = "module out x y";

export const entries: readonly (readonly [name: string, entry: InstructionEntry])[] =
  Object.entries(instructions);
export const formatNames = Object.keys(formats) as (keyof typeof formats)[];

export const isOfModule = (format: string): boolean =>
  (formats as Readonly<Record<string, Format>>)[format].module === true;

/** Bytes of the words of the longest instruction. */
const wordBytes = (ofModule: boolean): number => {
  const counts = entries.map(([, e]) => (isOfModule(e.format) === ofModule ? wordsOf(e).length : 0));
  return roundUp(WORD_BYTES * Math.max(...counts));
};

/** Bytes from the start of an instruction to its numbers, and to its end. Instructions of modules have words alone. */
export const numbersAt = wordBytes(false);
export const bytes = Math.max(
  numbersAt + NUMBER_BYTES * Math.max(...entries.map(([, entry]) => numbersOf(entry).length)),
  wordBytes(true),
);

/** The byte at which a word of an instruction, and one of its numbers, begins. */
export function offsetOf(entry: InstructionEntry, name: string): number {
  const word = wordsOf(entry).indexOf(name);
  return word >= 0 ? word * WORD_BYTES : numbersAt + numbersOf(entry).indexOf(name) * NUMBER_BYTES;
}

export function firstOf(format: string): number {
  return entries.findIndex(([, entry]) => entry.format === format) + 1;
}

export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function roundUp(size: number): number {
  return Math.ceil(size / NUMBER_BYTES) * NUMBER_BYTES;
}
