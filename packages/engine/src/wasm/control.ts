// The shared state of the threads: whole numbers of 4 bytes in shared memory, read by TypeScript and by AssemblyScript.
// Each has a cache line of its own, so that waiting for one does not slow down changes of another.

/** Bytes of all of them, 0 at the start. */
export const CONTROL_BYTES = 576;

/** Grows by one when there is a new program to run. Beside it: how many threads sleep until then. */
export const GENERATION = 0;
/** The program: its address, and beside it where it ends. */
export const PROGRAM = 64;
/** How many threads are done with the current instruction. */
export const ARRIVED = 128;
/** Grows by one when all threads are done with an instruction. Beside it: how many threads sleep until then. */
export const PHASE = 192;
/** 0 while all is well, the number of a thread that died, or STOPPED. GENERATION and PHASE grow after it is set. */
export const ENDED = 256;
/** The error of a thread that died: a count of characters, and the characters, a byte each. */
export const ERROR_TEXT = 320;
export const ERROR_TEXT_BYTES = 252;

/** All threads are told to end. */
export const STOPPED = -1;
/** The result of `runShared` if a thread makes no progress. */
export const STALLED = -2;
