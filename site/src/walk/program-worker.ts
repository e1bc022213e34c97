/** Runs programs in a worker of their own: one that does not end can be stopped from outside. */
import type { Ran } from "./client.ts";
import { ProgramError, programOf } from "./program.ts";
import { lineOf } from "./program-line.ts";
import { recorded } from "./recorded.ts";

/** A request of the page, and the answer's number. */
export interface Asked {
  readonly id: number;
  readonly source: string;
}

self.onmessage = ({ data: { id, source } }: MessageEvent<Asked>): void => {
  postMessage({ id, ...answerTo(source) });
};

function answerTo(source: string): Ran {
  try {
    const result = recorded(programOf(source));
    if (result.trace.events.length === 0) {
      throw new ProgramError(
        "the program runs no op; compute something, and call backward on the result",
        null,
      );
    }
    return { recorded: result };
  } catch (error) {
    const { message = String(error), stack = "", line = null } = error as Partial<Error & ProgramError>;
    return { error: { text: message, line: line ?? lineOf(stack) } };
  }
}
