import { ArgumentError, Rng, show } from "@gradus/core";

/**
 * Training or evaluation. It is an argument of every `forward`, not a flag of the net: evaluation is the default, and
 * training needs a random stream.
 *
 * Layers draw from `rng` itself in the order in which they run. Pass the same stream at every step: the masks then differ
 * from step to step and repeat with the seed, `rng.state()` is all that a checkpoint needs, and a compiled step draws the
 * same numbers. (A stream per layer and step cannot come from `rng.split`, which does not depend on the position of its
 * parent: every step would get the same masks.) A new random layer therefore changes the masks of the layers after it,
 * but not initial weights or the order of the data if these have their own streams: `rng.split("weights")`.
 *
 *     step 1                step 2                   rng.split("weights")
 *     ├ dropout ┼ dropout ┤ ├ dropout ┼ dropout ┤    ├ initial weights ┤
 *     └────────── position of rng ──────────────→    └ a stream of its own, from position 0
 *
 * @example
 * net.forward(x);                          // evaluation
 * net.forward(x, { train: true, rng });    // training
 */
export type Mode = { readonly train: false } | { readonly train: true; readonly rng: Rng };

/**
 * The random stream in training, null in evaluation.
 *
 * @param mode the argument of `forward`; undefined is evaluation.
 * @param layer the layer, for the error message.
 * @throws ArgumentError for any other mode, such as training without a stream.
 * @example
 * forward(x: Tensor, mode?: Mode): Tensor {
 *   const rng = trainingRng(mode, this);
 *   return rng === null ? x : dropout(x, { p: this.p, rng });
 * }
 */
export function trainingRng(mode: Mode | undefined, layer: object): Rng | null {
  if (mode === undefined) return null;
  if (mode?.train === false) return null;
  if (mode?.train !== true) {
    throw new ArgumentError(
      `${layer}: a mode is { train: false } or { train: true, rng }, got ${show(mode)}`,
    );
  }
  if (!(mode.rng instanceof Rng)) {
    throw new ArgumentError(
      `${layer}: training needs a random stream, got ${show(mode.rng)}; call forward(x, { train: true, rng: createRng(seed) })`,
    );
  }
  return mode.rng;
}
