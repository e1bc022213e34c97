// How the threads talk to each other: whole numbers of 4 bytes in shared memory, read by TypeScript and by AssemblyScript.
// Each begins a line of the cache of its own, so that waiting for one does not slow down changes of another.

/** Bytes of all of them. All are 0 to begin with. */
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
/** What a thread died of: a count of characters, a byte each, and the characters. */
export const LAST_WORDS = 320;
export const LAST_WORDS_BYTES = 252;

/** Nobody died, but there is nothing more to do. */
export const STOPPED = -1;
/** What `runShared` returns if a thread neither came nor died. */
export const STALLED = -2;
