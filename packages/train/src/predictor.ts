import { type NetInput, noMore, Tensor } from "@gradus/core";
import { refuseUnread } from "@gradus/core/internal";
import type { Layer } from "@gradus/nn";
import { checkNet, checkOutput } from "./checks.ts";
import { compiled } from "./compiled.ts";
import { givenInputs, netInput, sampleCount } from "./net-input.ts";
import { watchFields } from "./watched-fields.ts";

/** A net that is kept compiled; see {@link predictor}. */
export interface Predictor<In = Tensor> {
  /** The outputs for a batch of inputs, as a constant. */
  (inputs: In): Tensor;
  /** Gives its memory back. The next call compiles again. */
  release(): void;
}

/**
 * Keeps a net compiled, for many calls with few rows each: a game that asks for one move, a server that answers one request.
 * A call takes a microsecond or so for a small net, where `net.forward` takes ten. The numbers are those of
 * `net.forward(inputs)`, in evaluation mode, to the last bit.
 *
 * Shapes: those of the net, such as [n, inputs] → [n, outputs]; a net with several inputs gets an object of tensors by name. The plans of the 64 shapes used last are kept.
 *
 * It follows the net: weights that training, `assign` or `loadWeights` change count at once (a direct write to `weight.data` needs
 * `weight.markChanged()`), and a field that is set to
 * something else (a layer, a weight, an activation, a number), at any depth, compiles the net again. What it cannot see stays
 * as it was when the net was compiled: variables outside of the net, private fields (`#x`), and the contents of maps, sets
 * and typed arrays that `forward` reads. For a net with such, use `net.forward` or `predict`, or call `release()` after each change.
 *
 * @throws ArgumentError for a net without forward, inputs that are no tensors, an input that is missing or that the net
 * does not read; the errors of the net.
 * @example
 * const answer = predictor(net);
 * answer(tensor([[0.5, 1]])).toArray(); // [[0.1, 0.9]]
 */
export function predictor<In = Tensor>(net: Layer<In>, ...extra: readonly undefined[]): Predictor<In>;
export function predictor(net: Layer<NetInput>, ...extra: readonly undefined[]): Predictor<NetInput> {
  noMore("predictor", "net", extra);
  checkNet("predictor", net);
  let names: readonly string[] | undefined;
  let read = new Set<string>();
  const forward = compiled("predictor", (...tensors: Tensor[]): Tensor => {
    const out = net.forward(netInput(names, tensors, read));
    checkOutput("predictor: ", out);
    return out;
  });
  let isSame = (): boolean => false;
  const run = (...tensors: Tensor[]): Tensor => {
    if (!isSame()) {
      forward.release();
      isSame = watchFields(net);
    }
    const out = forward(...tensors);
    return out.tracked ? out.detach() : out; // it is tracked where the net could not be compiled
  };
  const predict = (inputs: NetInput): Tensor => {
    if (inputs instanceof Tensor && names === undefined) return run(inputs);
    const given = givenInputs("predictor", inputs, "a tensor of inputs");
    if (String(given.names) !== String(names)) {
      names = given.names;
      read = new Set();
      forward.release(); // its plans are for other inputs
    }
    sampleCount("predictor", given);
    const out = run(...given.tensors);
    if (names !== undefined) refuseUnread(names, read, "predictor: ");
    return out;
  };
  return Object.assign(predict, { release: forward.release });
}
