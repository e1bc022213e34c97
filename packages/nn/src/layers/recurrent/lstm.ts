import { ArgumentError, add, matmul, mul, noMore, type Range, ranges, resolveOptions } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import {
  affine,
  type Cell,
  gatesOf,
  type RecurrentOptions,
  recurrentDefaults,
  recurrentRanges,
  type Step,
} from "./cell.ts";
import { gate, squash } from "./gates.ts";
import { checkedName, Recurrent } from "./recurrent.ts";

/** Options of {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /**
   * Added to the initial bias of the forget gate, a finite number. Default 1, as in Keras: so that c is kept at the start
   * (Jozefowicz, Zaremba & Sutskever 2015, An Empirical Exploration of Recurrent Network Architectures, §2.2). PyTorch has 0.
   */
  readonly forgetBias?: number;
}

interface Resolved extends Required<Omit<LSTMOptions, "forgetBias">> {
  readonly forgetBias: number | undefined;
}

/**
 * Long short-term memory: a recurrent layer with a second state c, which a forget gate f keeps and an input gate i writes to. At
 * each step
 *
 *     i = σ(x·Wᵢ + bᵢ + h·Uᵢ)       g = tanh(x·W_g + b_g + h·U_g)
 *     f = σ(x·W_f + b_f + h·U_f)     o = σ(x·Wₒ + bₒ + h·Uₒ)
 *     c ← f·c + i·g
 *     h ← o·tanh(c)
 *
 * Training and evaluation are the same.
 * Shapes: x [n, time, in] → [n, size], or [n, time, size] with `returnSequences`; the states are h and c. `cells` has the
 * parameters of each of the `layers`, with the gates in the order i, f, g, o along the last axis: W = weight [in, 4·size],
 * b = bias [4·size], U = recurrentWeight [size, 4·size]. The order is that of PyTorch and Keras. (PyTorch's W and U are transposed,
 * and b is the sum of its two biases.)
 * Hochreiter & Schmidhuber 1997, Long Short-Term Memory; Gers, Schmidhuber & Cummins 2000, Learning to Forget (f).
 *
 * @param inputSize number of features of a step, ≥ 1.
 * @param size number of units, ≥ 1.
 * @param options see {@link LSTMOptions}; `rng` is required.
 * @example
 * const lstm = new LSTM(8, 64, { rng, returnSequences: true });
 * const { output, states: [h, c] } = lstm.run(x); // x [32, 50, 8]: output [32, 50, 64], h and c [1, 32, 64]
 */
export class LSTM<const In extends number = number, const Size extends number = number> extends Recurrent<
  In,
  Size
> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => LSTM, "run", "stepOf");
  constructor(inputSize: In, size: Size, options: LSTMOptions, ...extra: readonly undefined[]) {
    noMore("LSTM", "inputSize, size, options", extra);
    const who = checkedName("LSTM", inputSize, size);
    const { forgetBias, ...rest } = resolveOptions<Resolved>(who, options ?? {}, recurrentDefaults, allowed);
    if (forgetBias !== undefined && !rest.bias) {
      throw new ArgumentError(`${who}: forgetBias is the initial value of a bias; leave bias: false out`);
    }
    super(who, { gates: 4, states: ["h", "c"] }, [inputSize, size], rest);
    for (const { bias } of this.cells) {
      bias?.data.subarray(size, 2 * size).forEach((value, i) => {
        bias.data[size + i] = value + (forgetBias ?? 1);
      });
    }
  }

  protected override stepOf({ weight, bias, recurrentWeight }: Cell): Step {
    const [Wi, Wf, Wg, Wo] = gatesOf(weight, 4);
    const [Ui, Uf, Ug, Uo] = gatesOf(recurrentWeight, 4);
    const [bi, bf, bg, bo] = bias ? gatesOf(bias, 4) : [null, null, null, null];
    return (x, [h, c]) => {
      const i = gate(add(affine(x, Wi, bi), matmul(h, Ui)));
      const f = gate(add(affine(x, Wf, bf), matmul(h, Uf)));
      const g = squash(add(affine(x, Wg, bg), matmul(h, Ug)));
      const o = gate(add(affine(x, Wo, bo), matmul(h, Uo)));
      const next = add(mul(f, c), mul(i, g));
      return [mul(o, squash(next)), next];
    };
  }

  override toString(): string {
    return this.text("LSTM");
  }
}

const allowed: { readonly [K in keyof LSTMOptions]-?: Range } = {
  ...recurrentRanges,
  forgetBias: ranges.optional(ranges.finite),
};
