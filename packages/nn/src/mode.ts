import { ArgumentError, Rng, show } from "@gradus/core";

/**
 * Whether a net is being trained. It is an argument of every `forward`, not a flag of the net, so it cannot
 * be forgotten in the wrong position: evaluation is the default, and training must bring its own randomness.
 *
 * Layers draw from `rng` itself, in the order in which they run, and so move it on. Pass the same stream at
 * every step: the masks then differ from step to step and repeat with the seed, `rng.state()` is all there is
 * to save in order to go on exactly, and a compiled step draws what the plain one would
 * have drawn. (A stream split off per layer could not do that: `rng.split` does not look at how far a stream
 * was used, so that every step would get the same masks.) The price: a layer that draws shifts the masks of
 * the layers after it. It never shifts initial weights or the order of the data, if these have streams of
 * their own: `rng.split("weights")`.
 *
 * @example
 * net.forward(x);                          // evaluation
 * net.forward(x, { train: true, rng });    // training
 */
export type Mode = { readonly train: false } | { readonly train: true; readonly rng: Rng };

/**
 * The stream to draw from when training, null when evaluating: how a layer asks which of the two it is.
 *
 * @param mode what `forward` was called with; undefined is evaluation.
 * @param layer who asks, for the error message.
 * @throws ArgumentError for a mode that is neither, such as training without a stream.
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
