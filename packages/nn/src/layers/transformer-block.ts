import {
  add,
  check,
  noMore,
  type Range,
  type Rng,
  randomStream,
  ranges,
  relu,
  resolveOptions,
  type Tensor,
} from "@gradus/core";
import { activationName, ownLayer } from "@gradus/core/internal";
import { type Initializer, initializerRange } from "../initialize.ts";
import { glorotUniform } from "../initializers.ts";
import type { Layer } from "../layer.ts";
import { type Mode, trainingRng } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { dropout } from "../ops/dropout.ts";
import { Dense } from "./dense.ts";
import { type Activation, activationRange } from "./function-layer.ts";
import { LayerNorm } from "./layer-norm.ts";
import { type AttentionInputs, checkHeads, MultiHeadAttention, maskInputs } from "./multi-head-attention.ts";

/** Options of {@link TransformerBlock}. */
export interface TransformerBlockOptions {
  /** The random stream for the initial weights, in the order of the fields: `attention`, `hidden`, `output`. */
  readonly rng: Rng;
  /** Whether position i sees only the positions 0 to i. Default false. */
  readonly causal?: boolean;
  /**
   * "pre": each half normalizes its input; "post": the sum after each half is normalized, as in the paper and by default in PyTorch.
   * Default "pre": it trains without a warm-up of the learning rate (Xiong et al. 2020, On Layer Normalization in the Transformer
   * Architecture), as in GPT-2.
   */
  readonly norm?: "pre" | "post";
  /** Units between the two Dense layers of a position, ≥ 1. Default 4·size, the paper's ratio. */
  readonly hidden?: number | undefined;
  /** The function after these units. Default `relu`, as in the paper (eq. 2); GPT and BERT have `gelu`, which takes longer. */
  readonly activation?: Activation;
  /**
   * In training, the probability that an attention weight, a hidden unit or a result of one of the halves is dropped, in
   * [0, 1]. Default 0; the paper has 0.1.
   */
  readonly dropout?: number;
  /** Initial weights. Default `glorotUniform`. Biases start at 0. */
  readonly init?: Initializer;
  /** ε of both LayerNorms, finite, ≥ 0. Default 1e-5, as in PyTorch. */
  readonly epsilon?: number;
}

const defaults: Omit<Required<TransformerBlockOptions>, "rng"> = {
  causal: false,
  norm: "pre",
  hidden: undefined,
  activation: relu,
  dropout: 0,
  init: glorotUniform,
  epsilon: 1e-5,
};

const allowed: Record<keyof TransformerBlockOptions, Range> = {
  rng: randomStream,
  causal: ranges.flag,
  norm: /* @__PURE__ */ ranges.oneOf("pre", "post"),
  hidden: /* @__PURE__ */ ranges.optional(ranges.positiveCount),
  activation: activationRange,
  dropout: ranges.unit,
  init: initializerRange,
  epsilon: ranges.nonNegative,
};

/**
 * A block of a transformer: attention between the positions, then two Dense layers for each position; the result of either is
 * added to its input.
 *
 *     "pre":   y = x + attention(norm1(x)),    out = y + f(norm2(y))      f(z) = output(activation(hidden(z)))
 *     "post":  y = norm1(x + attention(x)),    out = norm2(y + f(y))
 *
 * A net of "pre" blocks needs a LayerNorm after the last.
 *
 * Training: with `dropout`, units become 0 at random, at the four places of PyTorch's `nn.TransformerEncoderLayer`. Evaluation:
 * without dropout.
 * Shapes: x [n, time, size], unchanged.
 * Vaswani et al. 2017, Attention Is All You Need, §3.1 and §3.3 ("post"); Radford et al. 2019, Language Models are Unsupervised
 * Multitask Learners, §2.3 ("pre").
 *
 * @param size number of features of a position, ≥ 1.
 * @param heads number of heads of the attention, which divides `size`.
 * @param options see {@link TransformerBlockOptions}; `rng` is required.
 * @throws ArgumentError for bad sizes and options; `forward` throws ShapeError if shapes do not fit.
 * @example
 * new Sequential(
 *   new Embedding(65, 64, { rng }),
 *   new LearnedPositions(32, 64, { rng }),
 *   new TransformerBlock(64, 4, { rng, causal: true }),
 *   new LayerNorm(64),
 *   new Dense(64, 65, { rng }),
 * ).forward(zeros([16, 32])); // [16, 32, 65]
 */
export class TransformerBlock implements Layer {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => TransformerBlock);
  readonly attention: MultiHeadAttention;
  readonly norm1: LayerNorm;
  readonly norm2: LayerNorm;
  readonly hidden: Dense;
  readonly output: Dense;
  readonly norm: "pre" | "post";
  readonly dropout: number;

  constructor(size: number, heads: number, options: TransformerBlockOptions, ...extra: readonly undefined[]) {
    const who = "TransformerBlock";
    noMore(who, "size, heads, options", extra);
    checkHeads(who, size, heads);
    const resolved = resolveOptions<Required<TransformerBlockOptions>>(
      `${who}(${size}, ${heads})`,
      options ?? {},
      defaults,
      allowed,
    );
    const { rng, causal, norm, hidden = 4 * size, activation, dropout, init, epsilon } = resolved;
    check(who, "hidden", hidden, ranges.positiveCount);
    this.attention = new MultiHeadAttention(size, heads, { rng, causal, dropout, init });
    this.norm1 = new LayerNorm(size, { epsilon });
    this.norm2 = new LayerNorm(size, { epsilon });
    this.hidden = new Dense(size, hidden, { rng, init, activation });
    this.output = new Dense(hidden, size, { rng, init });
    this.norm = norm;
    this.dropout = dropout;
  }

  /** @param inputs `mask` and `lengths` of the attention: see {@link AttentionInputs}. */
  forward(x: Tensor, mode?: Mode, inputs: Omit<AttentionInputs, "memory"> = {}): Tensor {
    checks.tensor?.(this, x);
    const { size } = this.attention;
    checks.input?.(this, x.rank === 3 && x.shape[2] === size, x.shape, `[n, time, ${size}]`);
    const { mask, lengths } = resolveOptions<typeof inputs>(`${this}`, inputs, {}, maskInputs);
    const rng = trainingRng(mode, this);
    const drop = (y: Tensor): Tensor => (rng === null ? y : dropout(y, { p: this.dropout, rng }));
    const attend = (y: Tensor): Tensor => drop(this.attention.forward(y, mode, { mask, lengths }));
    const transform = (y: Tensor): Tensor => drop(this.output.forward(drop(this.hidden.forward(y))));
    const { norm1, norm2 } = this;
    if (this.norm === "pre") {
      const y = add(x, attend(norm1.forward(x)));
      return add(y, transform(norm2.forward(y)));
    }
    const y = norm1.forward(add(x, attend(x)));
    return norm2.forward(add(y, transform(y)));
  }

  toString(): string {
    const { attention, hidden, norm, dropout, norm1 } = this;
    const { size, heads, causal } = attention;
    const { activation, outputSize } = hidden;
    const options = [
      ...(causal ? ["causal=true"] : []),
      ...(norm === "pre" ? [] : [`norm=${norm}`]),
      ...(outputSize === 4 * size ? [] : [`hidden=${outputSize}`]),
      ...(activation === null || activation === relu ? [] : [`activation=${activationName(activation)}`]),
      ...(dropout === 0 ? [] : [`dropout=${dropout}`]),
      ...(norm1.epsilon === 1e-5 ? [] : [`epsilon=${norm1.epsilon}`]),
    ];
    return `TransformerBlock(${[size, heads, ...options].join(", ")})`;
  }
}
