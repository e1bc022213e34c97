/** Trains in this browser, and sends what it looks like at the end. */
import { learn } from "./learn.ts";
import type { Learning } from "./learning.ts";
import * as program from "./spirals.ts";

/** What this worker sends: the training, or why there is none. */
export type Learned = Learning | { readonly error: string };

let learned: Learned;
try {
  learned = learn(program, 64, 4);
} catch (error) {
  learned = { error: error instanceof Error ? error.message : String(error) };
}
postMessage(learned);
