import {
  checkShape,
  formatShape,
  layerNorm,
  noMore,
  ones,
  Parameter,
  ranges,
  resolveOptions,
  type Shape,
  ShapeError,
  sameShape,
  type Tensor,
  zeros,
} from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { within } from "../initialize.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import type { HasWidths, Widths } from "../widths.ts";

/**
 * Layer normalisation of each sample to mean 0 and variance 1 over its features, with learned scale and shift: out = (x −
 * mean)/√(variance + ε)·scale + shift. The variance is divided by the number of features.
 *
 * Training and evaluation are the same: nothing depends on the batch.
 * Shapes: [..., ...size], unchanged; scale and shift have shape `size` and start at 1 and 0.
 * Ba, Kiros & Hinton 2016, Layer Normalization, eq. 3.
 *
 * @param size the size of the last axes, which are normalised: a number or a shape.
 * @example new Sequential(new Dense(64, 32, { rng }), new LayerNorm(32), new ReLU());
 */
export class LayerNorm<const Size extends number | Shape = number | Shape>
  implements Layer, HasWidths<Widths<LastOf<Size>, "kept">>
{
  static readonly own: true = /* @__PURE__ */ ownLayer(() => LayerNorm);
  declare readonly "~widths"?: Widths<LastOf<Size>, "kept">;
  readonly scale: Parameter;
  readonly shift: Parameter;
  readonly epsilon: number;

  constructor(
    size: Size,
    options: {
      /** Added to the variance under the root, finite, ≥ 0. Default 1e-5, as in PyTorch. */
      readonly epsilon?: number;
    } = {},
    ...extra: readonly undefined[]
  ) {
    noMore("LayerNorm", "size, options", extra);
    const shape = checkShape(typeof size === "number" ? [size] : size, "LayerNorm");
    if (shape.length === 0 || shape.includes(0)) {
      throw new ShapeError(`LayerNorm: needs sizes ≥ 1 to normalise over, got ${formatShape(shape)}`);
    }
    const { epsilon } = resolveOptions<Required<typeof options>>(
      "LayerNorm",
      options,
      { epsilon: 1e-5 },
      { epsilon: ranges.nonNegative },
    );
    this.scale = within(`LayerNorm(${shape.join(", ")})`, () => new Parameter(ones(shape)));
    this.shift = new Parameter(zeros(shape));
    this.epsilon = epsilon;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const { shape } = this.scale;
    const fits = x.rank >= shape.length && sameShape(x.shape.slice(x.rank - shape.length), shape);
    checks.input?.(this, fits, x.shape, `[..., ${shape.join(", ")}]`);
    return layerNorm(x, this.scale, this.shift, { epsilon: this.epsilon });
  }

  toString(): string {
    const { shape } = this.scale;
    const options = this.epsilon === 1e-5 ? "" : `, epsilon=${this.epsilon}`;
    return `LayerNorm(${shape.length === 1 ? shape[0] : formatShape(shape)}${options})`;
  }
}

/** The size of the last axis that is normalised. */
type LastOf<Size> = Size extends number
  ? Size
  : Size extends readonly [...Shape, infer Last extends number]
    ? Last
    : number;
