import { ArgumentError, checkOptions, concat, noMore, show, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../../layer.ts";
import type { Mode } from "../../mode.ts";
import type { HasWidths, Widths } from "../../widths.ts";
import { Recurrent, type SequenceResult } from "./recurrent.ts";
import type { SequenceOptions } from "./sequence-options.ts";

/**
 * Two recurrent layers over the same sequences, one from the first step to the last, the other from the last to the first. Their
 * outputs are put side by side.
 *
 * Training and evaluation are the same.
 * Shapes: x [n, time, in] → [n, 2·size]: the last state of each direction, so that of the second is its state at step 0. With
 * `returnSequences` (of both layers) [n, time, 2·size]. If the sizes differ, their sum in place of 2·size.
 * Schuster & Paliwal 1997, Bidirectional Recurrent Neural Networks. Several `layers` in a direction do not see the other direction;
 * PyTorch's do: for those put one Bidirectional after the other.
 *
 * @param forward the layer that goes from the first step to the last.
 * @param backward the other layer: of the same input size and `returnSequences`, with parameters of its own.
 * @example
 * new Bidirectional(
 *   new LSTM(8, 64, { rng: rng.split("forward") }),
 *   new LSTM(8, 64, { rng: rng.split("backward") }),
 * ).forward(x); // [32, 50, 8] → [32, 128]
 */
export class Bidirectional<const In extends number = number> implements Layer, HasWidths<Widths<In, number>> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Bidirectional);
  declare readonly "~widths"?: Widths<In, number>;
  readonly forwardLayer: Recurrent<In>;
  readonly backwardLayer: Recurrent<In>;

  constructor(forward: Recurrent<In>, backward: Recurrent<In>, ...extra: readonly undefined[]) {
    noMore("Bidirectional", "forward, backward", extra);
    for (const layer of [forward, backward]) {
      if (layer instanceof Recurrent) continue;
      const way = "it takes two layers such as new GRU(8, 64, { rng })";
      throw new ArgumentError(
        `Bidirectional: the directions must be recurrent layers, got ${show(layer)}; ${way}`,
      );
    }
    if (forward === backward) {
      throw new ArgumentError(
        "Bidirectional: each direction needs a layer of its own, got the same one twice",
      );
    }
    const differs = (["inputSize", "returnSequences"] as const).find(
      (name) => forward[name] !== backward[name],
    );
    if (differs) {
      throw new ArgumentError(
        `Bidirectional: both directions need the same ${differs}, got ${forward} and ${backward}`,
      );
    }
    this.forwardLayer = forward;
    this.backwardLayer = backward;
  }

  /** The outputs of both directions side by side. */
  forward(x: Tensor, mode?: Mode): Tensor {
    const outputs = [this.forwardLayer.forward(x, mode), this.backwardLayer.run(x, { reverse: true }).output];
    return concat(outputs, { axis: -1 });
  }

  /**
   * As `run` of a recurrent layer, without `reverse`: a direction begins after the padding at its end. The states are those of the
   * first layer, then those of the second.
   */
  run(x: Tensor, options: Omit<SequenceOptions, "reverse"> = {}): SequenceResult {
    const { states, ...rest } = checkOptions(`${this}`, options, [
      "states",
      "lengths",
      "mask",
    ]) as SequenceOptions;
    const layers = [this.forwardLayer, this.backwardLayer];
    const names = layers.flatMap(({ stateNames }) => stateNames);
    if (states !== undefined && (!Array.isArray(states) || states.length !== names.length)) {
      const needed = `needs states [${names.join(", ")}], those of the first layer, then those of the second`;
      throw new ArgumentError(`${this}: ${needed}, got ${show(states)}`);
    }
    let from = 0;
    const [first, second] = layers.map((layer, i) => {
      const to = from + layer.stateNames.length;
      const own = states === undefined ? {} : { states: states.slice(from, to) };
      from = to;
      return layer.run(x, { ...rest, ...own, reverse: i === 1 });
    });
    return {
      output: concat([first.output, second.output], { axis: -1 }),
      states: [...first.states, ...second.states],
    };
  }

  toString(): string {
    return `Bidirectional(${this.forwardLayer}, ${this.backwardLayer})`;
  }
}
