import { warn } from "@gradus/core/internal";

/** The warnings that were given. @internal */
export const given: Set<string> = new Set();

/** Prints a warning, one line, unless it was printed before. */
export function warnOnce(text: string): void {
  if (given.has(text)) return;
  given.add(text);
  warn(text);
}
