import { createRng, type Rng } from "@gradus/core";

/**
 * Sample params for an op that draws: their `rng` is the same fresh stream whenever they are read, so that
 * the op gives the same result every time it is checked on them.
 */
export function seeded<P extends object>(params: P): P & { readonly rng: Rng } {
  return Object.defineProperty({ ...params }, "rng", {
    get: () => createRng("sample"),
    enumerable: true,
  }) as P & { readonly rng: Rng };
}
