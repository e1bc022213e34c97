// The memory of one thread alone. Fixed addresses are shared by all threads, so the kernels never write there.

/** Bytes at the start of the scratch memory: the first four count how far this thread has come. */
const PROGRESS = 64;
/** Room for a 4 × 4 tile, or an instruction and five pairs. */
const SMALL_ROOM = 256;
/** Elements of the packed block of each side of a product: together they stay in the second level of cache. */
export const LEFT_BLOCK = 128 * 128;
export const RIGHT_BLOCK = 256 * 256;

/** Where the scratch memory of this instance begins. Globals belong to one instance, so to one thread. */
let scratch: usize = 0;

/** Says where the scratch memory of this instance is, best at a multiple of 64. */
export function initialize(pointer: usize): void {
  scratch = pointer;
  store<i32>(pointer, 0);
}

/** Takes the scratch memory of this thread from another module. */
export function useScratch(pointer: usize): void {
  scratch = pointer;
}

@inline
export function scratchAt(): usize {
  return scratch;
}

/** How many bytes of it are needed. */
export function scratchBytes(): i32 {
  return PROGRESS + SMALL_ROOM + ((LEFT_BLOCK + RIGHT_BLOCK) << 3);
}

/** Shows the threads that wait for this one that it is alive. */
@inline
export function progress(): void {
  store<i32>(scratch, load<i32>(scratch) + 1);
}

@inline
export function smallRoom(): usize {
  return scratch + PROGRESS;
}

@inline
export function leftBlock(): usize {
  return scratch + PROGRESS + SMALL_ROOM;
}

@inline
export function rightBlock(): usize {
  return scratch + PROGRESS + SMALL_ROOM + (LEFT_BLOCK << 3);
}
