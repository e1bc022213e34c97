import { FormatError } from "./format-error.ts";
import { show } from "./shape.ts";

/** The state of a random stream: enough to continue with the same numbers. */
export interface RngState {
  readonly version: 1;
  /** The name of the stream: the seed and the labels of all splits. */
  readonly stream: string;
  /** Number of 64-bit blocks drawn so far. */
  readonly position: number;
}

/** @throws FormatError for anything but an {@link RngState}. */
export function checkState(who: string, state: unknown): asserts state is RngState {
  const { version, stream, position } = Object(state) as Partial<RngState>;
  if (version !== 1)
    throw new FormatError(`${who}: version ${show(version)} of a random state is not known, only 1`);
  if (typeof stream !== "string" || !Number.isSafeInteger(position) || (position as number) < 0) {
    throw new FormatError(`${who}: not a random state: stream ${show(stream)}, position ${show(position)}`);
  }
}
