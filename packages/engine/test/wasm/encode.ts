import { INSTRUCTION_BYTES, NUMBERS_AT } from "../../src/wasm/encoders.generated.ts";
import { type Format, formats, instructions, numbersOf, wordsOf } from "../../src/wasm/instructions.ts";

export { INSTRUCTION_BYTES };

const opcodeOf = (name: string): number => Object.keys(instructions).indexOf(name) + 1;

export const formatOf = (name: string): Format => formats[instructions[name].format];

/**
 * Writes an instruction whose words are given by name. Operands that an update does not have become 0, as the engine's encoders
 * have it; what lies between the words and the numbers, and behind these, becomes −1.
 */
export function encode(
  memory: { readonly buffer: ArrayBufferLike },
  at: number,
  name: string,
  words: Readonly<Record<string, number>>,
  numbers: readonly number[] = [],
): void {
  const entry = instructions[name];
  const names = wordsOf(entry);
  const optional = names.filter(
    (word) => word.startsWith("unused") || entry.writes?.split(" ").includes(`${word}?`),
  );
  const zeros = Object.fromEntries(optional.map((word) => [word, 0]));
  const all: Readonly<Record<string, number>> = { opcode: opcodeOf(name), ...zeros, ...words };
  const missing = names.filter((word) => all[word] === undefined);
  const unknown = Object.keys(all).filter((word) => !names.includes(word));
  if (missing.length + unknown.length > 0 || numbers.length !== numbersOf(entry).length) {
    throw new Error(
      `${name}: missing ${missing}; unknown ${unknown}; or not ${numbersOf(entry).length} numbers`,
    );
  }
  new Int32Array(memory.buffer, at, INSTRUCTION_BYTES / 4).fill(-1).set(names.map((word) => all[word]));
  new Float64Array(memory.buffer, at + NUMBERS_AT, numbers.length).set(numbers);
}
