import type { HashedWay } from "./program.ts";

/** The answer of the worker: digests, or the message of an error. */
export type Hashed = { readonly name: string } & (
  | { readonly hashes: readonly HashedWay[] }
  | { readonly error: string }
);
