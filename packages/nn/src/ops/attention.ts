import {
  formatShape,
  matmul,
  mul,
  type Op,
  type Shape,
  ShapeError,
  softmax,
  sum,
  type Tensor,
  where,
} from "@gradus/core";
import { deriveOp } from "@gradus/core/internal";
import { lowerTriangle, zeroOrOne } from "./masks.ts";

/** Params of {@link attentionWeights} and {@link scaledDotProductAttention}. */
export interface AttentionParams {
  /**
   * Which keys a query sees: 1 where it does, 0 where it does not, as the boolean `attn_mask` of PyTorch's function of the same
   * name. (The masks of PyTorch's `nn.MultiheadAttention` and `nn.Transformer` are the other way round.) Shape: broadcasts to
   * [..., queries, keys]. Default: each query sees all keys.
   */
  readonly mask?: Tensor | undefined;
  /**
   * Whether query i sees only the keys 0 to i, so that no position looks at a later one; with a mask, both must allow it.
   * If there are fewer or more queries than keys, the first query still sees the first key only, as in PyTorch. Default false.
   */
  readonly causal?: boolean;
}

/**
 * The weights of {@link scaledDotProductAttention}: for each query numbers ≥ 0 for the keys, with the sum 1. A key that the query
 * may not see has the weight 0, and a query that sees no key has only zeros. Both have no gradient.
 *
 * Shapes: q [..., queries, d], k [..., keys, d] → [..., queries, keys]; the leading axes broadcast.
 *
 * @throws ShapeError if the shapes do not fit; ArgumentError for a mask with numbers other than 0 and 1.
 * @example attentionWeights(zeros([2, 1]), zeros([2, 1]), { causal: true }); // [[1, 0], [0.5, 0.5]]
 */
export const attentionWeights: Op<[q: Tensor, k: Tensor], AttentionParams> = deriveOp<
  [q: Tensor, k: Tensor],
  AttentionParams
>({
  name: "attentionWeights",
  formula: "out = softmax(q·kᵀ/√d), over the keys that a query sees",
  source: "Vaswani et al. 2017, Attention Is All You Need, eq. 1",
  arity: 2,
  compute: ([q, k], params) => weightsOf(q, k, params),
  ranges: { mask: "tensor", causal: "flag" },
  defaults: { mask: undefined, causal: false },
});

/**
 * Attention: for each query a mean of the values, weighted by the softmax of the products of the query with all keys, divided
 * by √d. A query that sees no key gives zeros and passes zero gradients.
 *
 * Values and keys that no query sees must be finite: their weight is 0, and 0·∞ is NaN.
 *
 * Shapes: q [..., queries, d], k [..., keys, d], v [..., keys, e] → [..., queries, e]; the leading axes broadcast.
 *
 * Vaswani et al. 2017, Attention Is All You Need, eq. 1.
 *
 * @throws ShapeError if the shapes do not fit; ArgumentError for a mask with numbers other than 0 and 1.
 * @example scaledDotProductAttention(zeros([2, 1]), zeros([2, 1]), tensor([[4], [6]]), { causal: true }); // [[4], [5]]
 */
export const scaledDotProductAttention: Op<[q: Tensor, k: Tensor, v: Tensor], AttentionParams> = deriveOp<
  [q: Tensor, k: Tensor, v: Tensor],
  AttentionParams
>({
  name: "scaledDotProductAttention",
  formula: "out = softmax(q·kᵀ/√d)·v, over the keys that a query sees",
  source: "Vaswani et al. 2017, Attention Is All You Need, eq. 1",
  arity: 3,
  compute: ([q, k, v], params) => {
    checkMatrices({ q, k, v });
    const [keys, values] = [k.shape.at(-2), v.shape.at(-2)];
    if (keys !== values) throw new ShapeError(`there are ${keys} keys, but ${values} values`);
    return matmul(weightsOf(q, k, params), v);
  },
  ranges: { mask: "tensor", causal: "flag" },
  defaults: { mask: undefined, causal: false },
});

function weightsOf(q: Tensor, k: Tensor, { mask, causal }: Required<AttentionParams>): Tensor {
  checkMatrices({ q, k });
  const [d, other] = [q.shape.at(-1) as number, k.shape.at(-1) as number];
  if (d !== other) throw new ShapeError(`a query has ${d} features, but a key ${other}`);
  const scores = matmul(mul(q, 1 / Math.sqrt(Math.max(1, d))), k, { transposeY: true });
  const { shape } = scores;
  const earlier = causal ? lowerTriangle(shape.slice(-2)) : undefined;
  if (mask === undefined) {
    // Each query sees the first key, so that no row is all −∞.
    return softmax(earlier ? where(earlier, scores, Number.NEGATIVE_INFINITY) : scores, { axis: -1 });
  }
  checkMaskShape(mask.shape, shape);
  const given = zeroOrOne(mask);
  const seen = earlier ? mul(given, earlier) : given;
  // The softmax of a row of −∞ is NaN. A query that sees no key gets scores of 0 in their place, and weights of 0 after it.
  const hidden = where(sum(seen, { axes: -1, keepDims: true }), Number.NEGATIVE_INFINITY, 0);
  return where(seen, softmax(where(seen, scores, hidden), { axis: -1 }), 0);
}

function checkMatrices(tensors: Readonly<Record<string, Tensor>>): void {
  for (const [name, { shape }] of Object.entries(tensors)) {
    if (shape.length < 2)
      throw new ShapeError(`${name} must be [..., positions, features], got ${formatShape(shape)}`);
  }
}

function checkMaskShape(mask: Shape, scores: Shape): void {
  const axes = scores.slice(scores.length - mask.length);
  if (mask.length <= scores.length && mask.every((size, i) => size === 1 || size === axes[i])) return;
  throw new ShapeError(
    `the mask ${formatShape(mask)} does not broadcast to [..., queries, keys], ${formatShape(scores)}`,
  );
}
