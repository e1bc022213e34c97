import {
  check,
  embedding,
  noMore,
  type Parameter,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
  type Tensor,
} from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { type Initializer, initialize, initializerRange } from "../initialize.ts";
import { normal } from "../initializers.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import type { HasWidths, Widths } from "../widths.ts";

/** Options of {@link Embedding}. */
export interface EmbeddingOptions {
  /** The random stream for the initial vectors. */
  readonly rng: Rng;
  /** Initial vectors. Default N(0, 1), as in PyTorch. */
  readonly init?: Initializer;
}

/**
 * A learned vector for each of `count` items, such as the words of a vocabulary: looks up rows of a table.
 *
 * Training and evaluation are the same.
 * Shapes: whole numbers [...], weight [count, size] → [..., size].
 *
 * @param count number of items, ≥ 1; indices are 0 to count − 1.
 * @param size length of a vector, ≥ 1.
 * @param options see {@link EmbeddingOptions}; `rng` is required.
 * @example new Embedding(1000, 64, { rng }).forward(tensor([[3, 14], [15, 9]])); // [2, 2, 64]
 */
export class Embedding<const Size extends number = number> implements Layer, HasWidths<Widths<number, Size>> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Embedding);
  declare readonly "~widths"?: Widths<number, Size>;
  readonly weight: Parameter;

  constructor(count: number, size: Size, options: EmbeddingOptions, ...extra: readonly undefined[]) {
    noMore("Embedding", "count, size, options", extra);
    check("Embedding", "count", count, ranges.positiveCount);
    check("Embedding", "size", size, ranges.positiveCount);
    const who = `Embedding(${count}, ${size})`;
    const { rng, init } = resolveOptions<Required<EmbeddingOptions>>(
      who,
      options ?? {},
      { init: normal({ mean: 0, std: 1 }) },
      { rng: randomStream, init: initializerRange },
    );
    this.weight = initialize(who, init, [count, size], rng);
  }

  forward(indices: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, indices);
    return embedding(this.weight, indices);
  }

  toString(): string {
    return `Embedding(${this.weight.shape.join(", ")})`;
  }
}
