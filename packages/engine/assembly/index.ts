// The exports of the module. The memory is imported; each thread has an instance of its own.

import { INSTRUCTION_BYTES } from "./instructions.generated";
import { execute } from "./execute";
import { logTable as at, LOG_TABLE_BYTES } from "./math/log-table";

export { execute } from "./execute";
export { initialize, scratchBytes } from "./scratch";
export { runShared, work } from "./threads";

/** Where the host writes the table of logarithms, before the first instruction that needs it. */
export function logTable(): usize {
  return at();
}

/** Where memory that is not the module's own begins. */
export function heapBase(): usize {
  return at() + LOG_TABLE_BYTES;
}

/** Runs `count` instructions on one thread. */
export function run(program: usize, count: i32): void {
  const end = program + <usize>count * INSTRUCTION_BYTES;
  for (; program < end; program += INSTRUCTION_BYTES) execute(program, 0, 1);
}
