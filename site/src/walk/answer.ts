/** What the worker of a program tells the page, as JSON. The page trusts none of it: the program may have changed anything there. */
import type { Recorded } from "./example.ts";
import { depths } from "./state.ts";
import { walkOf } from "./walk.ts";

/** A mistake in a program, at a line of it if it is known. */
export interface Failure {
  readonly text: string;
  readonly line: number | null;
}

export type Answer =
  | {
      readonly kind: "ran";
      readonly recorded: Recorded;
      /** In milliseconds: to run the program under `watch`, and to lay out its graphs. */
      readonly took: { readonly record: number; readonly layout: number };
    }
  /** Before the end: the program did not run through. Later: a timer or a promise failed. */
  | ({ readonly kind: "failed" } & Failure)
  /** A line that it wrote to the console. */
  | { readonly kind: "line"; readonly text: string }
  /** The last line of the program has run; what comes later comes from timers and promises. */
  | { readonly kind: "end" };

/** A message takes a page too long to draw if it is longer, in characters. */
const LONGEST = 2000;

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** An answer of the worker; null if it is none. */
export function answerOf(message: unknown): Answer | null {
  try {
    // Text only: an object could be taken for an element of the page.
    const answer = JSON.parse(message as string) as Partial<Record<string, unknown>>;
    const { kind, text, line } = answer;
    if (kind === "end") return { kind };
    if (kind === "line" && typeof text === "string") return { kind, text };
    if (kind === "failed" && typeof text === "string")
      return { kind, text: cut(text), line: Number.isSafeInteger(line) ? (line as number) : null };
    if (kind === "ran") {
      const { record, layout } = answer.took as { record: unknown; layout: unknown };
      const took = { record: Number(record), layout: Number(layout) };
      return { kind, recorded: checked(answer.recorded as Recorded), took };
    }
  } catch {
    // below
  }
  return null;
}

/** @throws an error if it cannot be walked. */
function checked(recorded: Recorded): Recorded {
  for (const depth of depths) walkOf(recorded.trace, depth);
  const { quotients, layouts } = recorded;
  if (typeof quotients !== "object" || typeof layouts !== "object") throw new TypeError("no recording");
  return recorded;
}
