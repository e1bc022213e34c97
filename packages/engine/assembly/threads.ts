// Several threads run one program: all of them go through all of its instructions, each does its share, and none begins
// the next instruction before all are done with the last.

import { ARRIVED, ENDED, GENERATION, PHASE, PROGRAM, STALLED } from "../src/wasm/control";
import { execute } from "./execute";
import { INSTRUCTION_BYTES } from "./instructions.generated";
import { progress } from "./scratch";

/** How often to look before asking the host: for about a millisecond. */
const SPINS = 1 << 20;

/**
 * Asks the host to wait until the word is no longer `old`, as the host sees fit: a worker sleeps, the main thread of a page
 * must not, but looks at its clock. Not 0 to give up. (The host does it because of Node 20: with the instruction for it here,
 * workers trapped at valid opcodes after their first sleep, in code of V8's first compiler only.)
 */
@external("env", "wait")
declare function wait(word: usize, old: i32): i32;

/**
 * Runs a program with the workers that wait at `control`, as thread 0 of `threads`.
 *
 * @returns 0, or why it gave up: the number of the thread that died, STOPPED or STALLED
 */
export function runShared(program: usize, count: i32, threads: i32, control: usize): i32 {
  if (count == 0) return 0;
  const end = program + <usize>count * INSTRUCTION_BYTES;
  store<usize>(control + PROGRAM, program);
  store<usize>(control + PROGRAM, end, 4);
  advance(control + GENERATION);
  for (; program < end; program += INSTRUCTION_BYTES) {
    execute(program, 0, threads);
    const phase = atomic.load<i32>(control + PHASE);
    if (atomic.load<i32>(control + ENDED)) break;
    if (!isLast(threads, control) && !awaitChange(control + PHASE, phase)) return STALLED;
  }
  return atomic.load<i32>(control + ENDED);
}

/** Runs each program that is published at `control`, until told to stop. */
export function work(thread: i32, threads: i32, control: usize): void {
  let generation = 0;
  while (true) {
    awaitChange(control + GENERATION, generation++);
    if (atomic.load<i32>(control + ENDED)) return;
    let program = load<usize>(control + PROGRAM);
    const end = load<usize>(control + PROGRAM, 4);
    for (; program < end; program += INSTRUCTION_BYTES) {
      execute(program, thread, threads);
      progress();
      const phase = atomic.load<i32>(control + PHASE);
      // Read after PHASE, which grows after ENDED is set: one of the two is always seen.
      if (atomic.load<i32>(control + ENDED)) return;
      if (!isLast(threads, control)) awaitChange(control + PHASE, phase);
    }
  }
}

/** Counts this thread as done with the instruction; the last one lets all go on. */
function isLast(threads: i32, control: usize): bool {
  if (atomic.add<i32>(control + ARRIVED, 1) + 1 < threads) return false;
  atomic.store<i32>(control + ARRIVED, 0);
  advance(control + PHASE);
  return true;
}

/** Adds one to a word that others wait at, and wakes those that sleep. */
function advance(word: usize): void {
  atomic.add<i32>(word, 1);
  if (atomic.load<i32>(word, 4)) atomic.notify(word, -1);
}

/** Waits until a word is no longer `old`; false if the host has given up. */
function awaitChange(word: usize, old: i32): bool {
  do {
    for (let i = 0; i < SPINS; i++) {
      if (atomic.load<i32>(word) != old) return true;
    }
  } while (!wait(word, old));
  return false;
}
