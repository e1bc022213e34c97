/**
 * Where the share of a thread in `n` elements begins, and that of the thread before it ends. Always at a multiple of 8
 * elements, a cache line, so that no two threads write to the same one.
 */
export function shareStart(n: i32, thread: i32, threads: i32): i32 {
  const lines = (<i64>n + 7) >> 3;
  return min(n, <i32>((lines * thread) / threads) << 3);
}

/** Two neighbouring elements; with `single` one and a zero. */
@inline
export function loadPair(pointer: usize, single: bool): v128 {
  return single ? v128.load64_zero(pointer) : v128.load(pointer);
}

/** Stores both lanes; with `single` the first alone. */
@inline
export function storePair(pointer: usize, lanes: v128, single: bool): void {
  if (single) v128.store64_lane(pointer, lanes, 0);
  else v128.store(pointer, lanes);
}
