import { writeSync } from "node:fs";
import { wrapped } from "./internals.ts";

/** Characters of a line where neither the terminal nor COLUMNS says it; and the least that is supported. */
const [DEFAULT, LEAST] = [100, 20];

/** The width to fit. */
export function columnsOf(): number {
  const set = Number(process.env.COLUMNS);
  const columns = Number.isSafeInteger(set) && set > 0 ? set : (process.stdout.columns ?? DEFAULT);
  return Math.max(LEAST, columns);
}

/** Prints lines; in a terminal headings are bold, unless NO_COLOR is set. With `columns` longer lines are broken. */
export function screen(lines: readonly string[], columns: number = Number.POSITIVE_INFINITY): void {
  const bold = process.stdout.isTTY === true && !process.env.NO_COLOR;
  const text = lines
    .flatMap((line) => (line.length > columns ? wrapped(line, columns) : [line]))
    .map((line) =>
      bold && /^(?:given|forward|backward|update|step \d+ of)\b/.test(line) ? `\x1b[1m${line}\x1b[0m` : line,
    );
  write(`${text.join("\n")}\n`);
}

/** Writes at once, because the process ends after it; `| head` may close the pipe earlier. */
function write(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EAGAIN") continue;
      if (code === "EPIPE") return;
      throw error;
    }
  }
}

/** Runs a program without its output. */
export async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { write: before } = process.stdout;
  const args = process.argv;
  process.stdout.write = ((...call: unknown[]) => {
    const done = call.at(-1);
    if (typeof done === "function") done();
    return true;
  }) as typeof before;
  process.argv = args.slice(0, 2);
  try {
    return await run();
  } finally {
    process.stdout.write = before;
    process.argv = args;
  }
}
