/** The lines that `new Function` puts in front of the code, in all engines. */
const HEADER = 2;

/** The line of the program in a place such as `program.ts:7:3` or in an error's stack; null if it has none. */
export function lineOf(text: string): number | null {
  const found = /program\.ts:(\d+)/.exec(text);
  return found === null ? null : Number(found[1]) - HEADER;
}
