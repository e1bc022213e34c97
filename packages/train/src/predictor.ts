import { ArgumentError, noMore, notTensor, show, Tensor } from "@gradus/core";
import type { Layer } from "@gradus/nn";
import { checkNet } from "./checks.ts";
import { compiled } from "./compiled.ts";
import { watchFields } from "./watched-fields.ts";

/** A net that is kept compiled; see {@link predictor}. */
export interface Predictor {
  /** The outputs for a batch of inputs, as a constant. */
  (inputs: Tensor): Tensor;
  /** Gives its memory back. The next call compiles again. */
  release(): void;
}

/**
 * Keeps a net compiled, for many calls with few rows each: a game that asks for one move, a server that answers one request.
 * A call takes a microsecond or so for a small net, where `net.forward` takes ten. The numbers are those of
 * `net.forward(inputs)`, in evaluation mode, to the last bit.
 *
 * Shapes: those of the net, such as [n, inputs] → [n, outputs]. The plans of the 64 shapes used last are kept.
 *
 * It follows the net: weights that training, `assign` or `loadWeights` change count at once (a direct write to `weight.data` needs
 * `weight.markChanged()`), and a field that is set to
 * something else (a layer, a weight, an activation, a number), at any depth, compiles the net again. What it cannot see stays
 * as it was when the net was compiled: variables outside of the net, private fields (`#x`), and the contents of maps, sets
 * and typed arrays that `forward` reads. For a net with such, use `net.forward` or `predict`, or call `release()` after each change.
 *
 * @throws ArgumentError for a net without forward, or inputs that are no tensor; the errors of the net.
 * @example
 * const answer = predictor(net);
 * answer(tensor([[0.5, 1]])).toArray(); // [[0.1, 0.9]]
 */
export function predictor(net: Layer, ...extra: readonly undefined[]): Predictor {
  noMore("predictor", "net", extra);
  checkNet("predictor", net);
  const forward = compiled("predictor", (x: Tensor): Tensor => {
    const out = net.forward(x);
    if (out instanceof Tensor) return out;
    throw new ArgumentError(`predictor: the net's forward must return a tensor, got ${show(out)}`);
  });
  let isSame = (): boolean => false;
  const predict = (inputs: Tensor): Tensor => {
    if (!(inputs instanceof Tensor)) {
      throw new ArgumentError(`predictor: needs a tensor of inputs, got ${notTensor(inputs)}`);
    }
    if (!isSame()) {
      forward.release();
      isSame = watchFields(net);
    }
    const out = forward(inputs);
    return out.tracked ? out.detach() : out; // it is tracked where the net could not be compiled
  };
  return Object.assign(predict, { release: forward.release });
}
