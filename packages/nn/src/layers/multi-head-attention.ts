import {
  ArgumentError,
  add,
  check,
  formatShape,
  matmul,
  mul,
  noMore,
  permute,
  type Range,
  type Rng,
  randomStream,
  ranges,
  reshape,
  resolveOptions,
  type Shape,
  ShapeError,
  split,
  Tensor,
} from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { type Initializer, initializerRange } from "../initialize.ts";
import { glorotUniform } from "../initializers.ts";
import type { Layer } from "../layer.ts";
import { type Mode, trainingRng } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { attentionWeights } from "../ops/attention.ts";
import { dropout } from "../ops/dropout.ts";
import { zeroOrOne } from "../ops/masks.ts";
import { sequenceMask } from "../ops/sequence-mask.ts";
import { Dense } from "./dense.ts";

/** Options of {@link MultiHeadAttention}. */
export interface MultiHeadAttentionOptions {
  /** The random stream for the initial weights: first those of `inProjection`, then those of `outProjection`. */
  readonly rng: Rng;
  /** Whether position i sees only the positions 0 to i. Default false. */
  readonly causal?: boolean;
  /** In training, the probability that an attention weight is dropped, in [0, 1]. Default 0, as in PyTorch. */
  readonly dropout?: number;
  /** Whether the projections have biases, which start at 0. Default true. */
  readonly bias?: boolean;
  /**
   * Initial weights of both projections. Default `glorotUniform`, as in Keras; PyTorch has it for the first, and U(−1/√size, 1/√size)
   * for the second.
   */
  readonly init?: Initializer;
}

/** What `forward` of {@link MultiHeadAttention} takes besides the input. */
export interface AttentionInputs {
  /** The sequences that are looked at, [n, keys, size]. Default: the input itself (self-attention). */
  readonly memory?: Tensor | undefined;
  /**
   * 1 where a query sees a key, else 0: [queries, keys], [n, queries, keys] or [n, heads, queries, keys], where an axis may
   * have size 1. The masks of PyTorch's `nn.MultiheadAttention` are the other way round. Default: all keys.
   */
  readonly mask?: Tensor | undefined;
  /** The lengths of padded sequences of keys, [n]: later keys are not seen. Default: all keys. */
  readonly lengths?: Tensor | undefined;
}

const memory: Range = /* @__PURE__ */ tensorOr("must be a tensor [n, keys, size]");
const mask: Range = /* @__PURE__ */ tensorOr("must be a tensor of ones and zeros");
const lengths: Range = /* @__PURE__ */ tensorOr("must be a tensor [n]; tensor([3, 5]) makes one");

function tensorOr(says: string): Range {
  return ranges.optional(ranges.instanceOf(Tensor, says));
}

/** The allowed masks of {@link AttentionInputs}. */
export const maskInputs: Record<Exclude<keyof AttentionInputs, "memory">, Range> = { mask, lengths };
const allowed: Record<keyof AttentionInputs, Range> = { memory, mask, lengths };

/**
 * Attention with several heads: each position becomes a mean of all positions, weighted by how well its query fits their keys.
 * Queries, keys and values are products of the input; each head attends with its share of their features, and the heads side by
 * side are multiplied by a last matrix.
 *
 *     head_h = softmax(q_h·k_hᵀ/√(size/heads))·v_h      (q, k, v) = x·W_in + b_in
 *     out = (head_0, …, head_H)·W_out + b_out
 *
 * A position that sees no key (because of a mask or a length of 0) gets only the bias b_out.
 *
 * Training: with `dropout`, weights become 0 at random and the others are divided by 1 − p. Evaluation: without dropout.
 * Shapes: x [n, time, size], unchanged. `inProjection.weight` [size, 3·size] has the columns of q, then k, then v, each with those
 * of head 0 first: PyTorch's `in_proj_weight`, transposed. `outProjection.weight` [size, size].
 * Vaswani et al. 2017, Attention Is All You Need, §3.2.
 *
 * @param size number of features of a position, ≥ 1.
 * @param heads number of heads, which divides `size`.
 * @param options see {@link MultiHeadAttentionOptions}; `rng` is required.
 * @throws ArgumentError for bad sizes and options; `forward` throws ShapeError if shapes do not fit.
 * @example
 * const attention = new MultiHeadAttention(64, 4, { rng, causal: true });
 * attention.forward(x);                                            // [16, 32, 64] → [16, 32, 64]
 * attention.forward(x, undefined, { memory, lengths: tensor([7, 9]) }); // looks at other, padded sequences
 */
export class MultiHeadAttention implements Layer {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => MultiHeadAttention);
  readonly size: number;
  readonly heads: number;
  readonly inProjection: Dense;
  readonly outProjection: Dense;
  readonly causal: boolean;
  readonly dropout: number;

  constructor(
    size: number,
    heads: number,
    options: MultiHeadAttentionOptions,
    ...extra: readonly undefined[]
  ) {
    noMore("MultiHeadAttention", "size, heads, options", extra);
    checkHeads("MultiHeadAttention", size, heads);
    const { rng, causal, dropout, bias, init } = resolveOptions<Required<MultiHeadAttentionOptions>>(
      `MultiHeadAttention(${size}, ${heads})`,
      options ?? {},
      { causal: false, dropout: 0, bias: true, init: glorotUniform },
      {
        rng: randomStream,
        causal: ranges.flag,
        dropout: ranges.unit,
        bias: ranges.flag,
        init: initializerRange,
      },
    );
    this.size = size;
    this.heads = heads;
    this.inProjection = new Dense(size, 3 * size, { rng, init, bias });
    this.outProjection = new Dense(size, size, { rng, init, bias });
    this.causal = causal;
    this.dropout = dropout;
  }

  /** @param inputs other sequences to look at, and masks: see {@link AttentionInputs}. */
  forward(x: Tensor, mode?: Mode, inputs: AttentionInputs = {}): Tensor {
    const rng = trainingRng(mode, this);
    const { weights, values } = this.#attend(x, inputs);
    const kept = rng === null ? weights : dropout(weights, { p: this.dropout, rng });
    const mixed = permute(matmul(kept, values), { axes: [0, 2, 1, 3] });
    return this.outProjection.forward(reshape(mixed, { shape: x.shape }));
  }

  /**
   * The weights of each head in evaluation, to see what it looks at.  Shapes: x [n, time, size] → [n, heads, time, keys].
   *
   * @example attention.weights(x).slice({ axis: 1, end: 1 }); // those of the first head
   */
  weights(x: Tensor, inputs: AttentionInputs = {}): Tensor {
    return this.#attend(x, inputs).weights;
  }

  /** The weights [n, heads, queries, keys] and the values [n, heads, keys, size/heads]. */
  #attend(x: Tensor, inputs: AttentionInputs): { weights: Tensor; values: Tensor } {
    checks.tensor?.(this, x);
    const { size } = this;
    checks.input?.(this, x.rank === 3 && x.shape[2] === size, x.shape, `[n, time, ${size}]`);
    const { memory = x, mask, lengths } = resolveOptions<AttentionInputs>(`${this}`, inputs, {}, allowed);
    const [n, , width] = memory.shape;
    if (memory.rank !== 3 || n !== x.shape[0] || width !== size) {
      throw new ShapeError(
        `${this}: expects a memory [${x.shape[0]}, keys, ${size}] for an input ${formatShape(x.shape)}, got ${formatShape(memory.shape)}`,
      );
    }
    // Three narrow products instead of a wide one: its parts would have to be copied, and their gradients put together.
    const { weight, bias } = this.inProjection;
    const matrices = split(weight, { sizes: size, axis: 1 });
    const biases = bias && split(bias, { sizes: size });
    const [q, k, v] = matrices.map((matrix, i) => {
      const product = matmul(i === 0 ? x : memory, matrix);
      return this.#intoHeads(biases ? add(product, biases[i]) : product);
    });
    const seen = this.#maskOf([x.shape[0], this.heads, x.shape[1], memory.shape[1]], mask, lengths);
    return { weights: attentionWeights(q, k, { mask: seen, causal: this.causal }), values: v };
  }

  /** [n, time, size] → [n, heads, time, size/heads] */
  #intoHeads(x: Tensor): Tensor {
    const [n, time, size] = x.shape;
    const shape = [n, time, this.heads, size / this.heads];
    return permute(reshape(x, { shape }), { axes: [0, 2, 1, 3] });
  }

  /** One mask for {@link attentionWeights}, whose scores are [n, heads, queries, keys]. */
  #maskOf(scores: Shape, mask: Tensor | undefined, lengths: Tensor | undefined): Tensor | undefined {
    const [n, , , keys] = scores;
    const given = mask && this.#withHeads(mask, scores);
    if (lengths === undefined) return given;
    if (lengths.rank !== 1 || lengths.size !== n) {
      throw new ShapeError(
        `${this}: expects lengths [${n}], one for each sequence, got ${formatShape(lengths.shape)}`,
      );
    }
    const real = reshape(sequenceMask(lengths, { time: keys }), { shape: [n, 1, 1, keys] });
    return given ? mul(zeroOrOne(given), real) : real;
  }

  /** A mask with an axis for the heads: [n, queries, keys] would broadcast as [heads, queries, keys]. */
  #withHeads(mask: Tensor, [n, heads, queries, keys]: Shape): Tensor {
    const { shape } = mask;
    const full = shape.length === 3 ? shape.toSpliced(1, 0, 1) : shape;
    const sizes = [n, heads, queries, keys].slice(-full.length);
    if (full.length < 2 || full.length > 4 || full.some((size, i) => size !== 1 && size !== sizes[i])) {
      const forms = [
        [queries, keys],
        [n, queries, keys],
        [n, heads, queries, keys],
      ].map(formatShape);
      throw new ShapeError(
        `${this}: expects a mask ${forms[0]}, ${forms[1]} or ${forms[2]}, or 1 in place of a size, got ${formatShape(shape)}`,
      );
    }
    return reshape(mask, { shape: full });
  }

  toString(): string {
    const { size, heads, causal, dropout, inProjection } = this;
    const options = [
      ...(causal ? ["causal=true"] : []),
      ...(dropout === 0 ? [] : [`dropout=${dropout}`]),
      ...(inProjection.bias ? [] : ["bias=false"]),
    ];
    return `MultiHeadAttention(${[size, heads, ...options].join(", ")})`;
  }
}

/** Throws unless the heads divide the features. */
export function checkHeads(who: string, size: number, heads: number): void {
  check(who, "size", size, ranges.positiveCount);
  check(who, "heads", heads, ranges.positiveCount);
  if (size % heads === 0) return;
  const fit = Array.from({ length: Math.min(size, heads) }, (_, i) => i + 1).filter((i) => size % i === 0);
  throw new ArgumentError(
    `${who}(${size}, ${heads}): ${heads} heads do not divide ${size} features; ${fit.at(-1)} would`,
  );
}
