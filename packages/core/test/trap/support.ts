import { NumericsError, type NumericsFault, type NumericsTrap, trapNumerics } from "../../src/index.ts";

/** What the trap throws. */
export function caught(run: (trap: NumericsTrap) => unknown): NumericsError {
  try {
    trapNumerics(run);
  } catch (error) {
    if (error instanceof NumericsError) return error;
    throw error;
  }
  throw new Error("nothing was caught");
}

/** The values of the operands, or their range. */
export const operands = ({ operands }: NumericsFault) =>
  operands.map(({ value, min, max }) => value ?? [min, max]);

/** The line that calls this function. */
export function line(): number {
  const frames = (new Error().stack ?? "").split("\n").filter((text) => text.includes(".test.ts:"));
  return Number(/:(\d+):\d+\)?$/.exec(frames[0])?.[1]);
}
