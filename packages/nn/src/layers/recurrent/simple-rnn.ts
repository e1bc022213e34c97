import { add, matmul, noMore, resolveOptions, tanh } from "@gradus/core";
import { activationName, ownLayer } from "@gradus/core/internal";
import { type Activation, activationRange, applied } from "../function-layer.ts";
import {
  affine,
  type Cell,
  type RecurrentOptions,
  recurrentDefaults,
  recurrentRanges,
  type Step,
} from "./cell.ts";
import { squash } from "./gates.ts";
import { checkedName, Recurrent } from "./recurrent.ts";

/** Options of {@link SimpleRNN}. */
export interface SimpleRNNOptions extends RecurrentOptions {
  /** The function of a step. Default core's `tanh`. */
  readonly activation?: Activation;
}

/**
 * A recurrent layer without gates: at each step h ← tanh(x·W + b + h·U).
 *
 * Training and evaluation are the same.
 * Shapes: x [n, time, in] → [n, size], or [n, time, size] with `returnSequences`. `cells` has the parameters of each of the
 * `layers`: W = weight [in, size], b = bias [size], U = recurrentWeight [size, size]. (PyTorch's W and U are transposed, and b is
 * the sum of its two biases.)
 * Elman 1990, Finding Structure in Time.
 *
 * @param inputSize number of features of a step, ≥ 1.
 * @param size number of units, ≥ 1.
 * @param options see {@link SimpleRNNOptions}; `rng` is required.
 * @example new SimpleRNN(8, 64, { rng }).forward(x); // [32, 50, 8] → [32, 64]
 */
export class SimpleRNN<
  const In extends number = number,
  const Size extends number = number,
> extends Recurrent<In, Size> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => SimpleRNN, "run", "stepOf");
  readonly activation: Activation;

  constructor(inputSize: In, size: Size, options: SimpleRNNOptions, ...extra: readonly undefined[]) {
    noMore("SimpleRNN", "inputSize, size, options", extra);
    const who = checkedName("SimpleRNN", inputSize, size);
    const { activation, ...rest } = resolveOptions<Required<SimpleRNNOptions>>(
      who,
      options ?? {},
      { ...recurrentDefaults, activation: tanh },
      { ...recurrentRanges, activation: activationRange },
    );
    super(who, { gates: 1, states: ["h"] }, [inputSize, size], rest);
    this.activation = activation;
  }

  protected override stepOf({ weight, bias, recurrentWeight }: Cell): Step {
    const activation = this.activation === tanh ? squash : this.activation;
    const layer = { activation, toString: () => String(this) };
    return (x, [h]) => [applied(layer, add(affine(x, weight, bias), matmul(h, recurrentWeight)))];
  }

  override toString(): string {
    const { activation } = this;
    return this.text("SimpleRNN", activation === tanh ? [] : [`activation=${activationName(activation)}`]);
  }
}
