import { add, matmul, mul, noMore, ranges, resolveOptions, sub } from "@gradus/core";
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

/** Options of {@link GRU}. */
export interface GRUOptions extends RecurrentOptions {
  /**
   * Where the reset gate is applied: to the product h·Uₙ (true), or to h before it (false, as Cho et al. have it). Default true,
   * as in PyTorch and Keras.
   */
  readonly resetAfter?: boolean;
}

/**
 * Gated recurrent unit: a recurrent layer with a reset gate r and an update gate z. At each step
 *
 *     r = σ(x·Wᵣ + bᵣ + h·Uᵣ + cᵣ)
 *     z = σ(x·W_z + b_z + h·U_z + c_z)
 *     n = tanh(x·Wₙ + bₙ + r·(h·Uₙ + cₙ)),   or tanh(x·Wₙ + bₙ + (r·h)·Uₙ) with `resetAfter: false`
 *     h ← (1 − z)·n + z·h
 *
 * Training and evaluation are the same.
 * Shapes: x [n, time, in] → [n, size], or [n, time, size] with `returnSequences`. `cells` has the parameters of each of the
 * `layers`, with the gates in the order r, z, n along the last axis: W = weight [in, 3·size], b = bias [3·size], U = recurrentWeight
 * [size, 3·size], c = recurrentBias [3·size], which only `resetAfter` has. These are PyTorch's, W and U transposed; Keras has the
 * order z, r, n.
 * Cho et al. 2014, Learning Phrase Representations using RNN Encoder–Decoder, eqs. 5 to 8 (with b and c, and without
 * `resetAfter`).
 *
 * @param inputSize number of features of a step, ≥ 1.
 * @param size number of units, ≥ 1.
 * @param options see {@link GRUOptions}; `rng` is required.
 * @example
 * const net = new Sequential(new GRU(8, 64, { rng: rng.split("gru") }), new Dense(64, 1, { rng: rng.split("output") }));
 * net.forward(x); // [32, 50, 8] → [32, 1]
 */
export class GRU<const In extends number = number, const Size extends number = number> extends Recurrent<
  In,
  Size
> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => GRU, "run", "stepOf");
  readonly resetAfter: boolean;

  constructor(inputSize: In, size: Size, options: GRUOptions, ...extra: readonly undefined[]) {
    noMore("GRU", "inputSize, size, options", extra);
    const who = checkedName("GRU", inputSize, size);
    const { resetAfter, ...rest } = resolveOptions<Required<GRUOptions>>(
      who,
      options ?? {},
      { ...recurrentDefaults, resetAfter: true },
      { ...recurrentRanges, resetAfter: ranges.flag },
    );
    super(who, { gates: 3, states: ["h"], recurrentBias: resetAfter }, [inputSize, size], rest);
    this.resetAfter = resetAfter;
  }

  protected override stepOf({ weight, bias, recurrentWeight, recurrentBias }: Cell): Step {
    const { resetAfter } = this;
    const [Wr, Wz, Wn] = gatesOf(weight, 3);
    const [Ur, Uz, Un] = gatesOf(recurrentWeight, 3);
    // Those of r and z add up, once for all steps.
    const [br, bz, bn] = bias ? gatesOf(bias, 3) : [null, null, null];
    const [cr, cz, cn] = recurrentBias ? gatesOf(recurrentBias, 3) : [null, null, null];
    const biasR = br && cr ? add(br, cr) : br;
    const biasZ = bz && cz ? add(bz, cz) : bz;
    return (x, [h]) => {
      const r = gate(add(affine(x, Wr, biasR), matmul(h, Ur)));
      const z = gate(add(affine(x, Wz, biasZ), matmul(h, Uz)));
      const past = resetAfter ? mul(r, affine(h, Un, cn)) : matmul(mul(r, h), Un);
      const n = squash(add(affine(x, Wn, bn), past));
      return [add(n, mul(z, sub(h, n)))];
    };
  }

  override toString(): string {
    return this.text("GRU", this.resetAfter ? [] : ["resetAfter=false"]);
  }
}
