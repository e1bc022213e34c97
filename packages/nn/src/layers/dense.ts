import {
  check,
  linear,
  matmul,
  noMore,
  type Parameter,
  ranges,
  resolveOptions,
  type Tensor,
} from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { initialize } from "../initialize.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import type { HasWidths, Widths } from "../widths.ts";
import { type Activation, applied } from "./function-layer.ts";
import { type Resolved, type WeightOptions, weightDefaults, weightRanges, weightTexts } from "./weighted.ts";

/** Options of {@link Dense}. */
export type DenseOptions = WeightOptions;

/**
 * A fully connected layer, y = x·W + b.
 *
 * Training and evaluation are the same.
 * Shapes: x [..., in], weight [in, out], bias [out] → [..., out].
 *
 * @param inputSize number of inputs, ≥ 1.
 * @param outputSize number of outputs, ≥ 1.
 * @param options see {@link DenseOptions}; `rng` is required.
 * @example
 * const hidden = new Dense(784, 512, { rng: rng.split("hidden"), activation: selu });
 * hidden.forward(images); // [32, 784] → [32, 512]
 */
export class Dense<const In extends number = number, const Out extends number = number>
  implements Layer, HasWidths<Widths<In, Out>>
{
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Dense);
  declare readonly "~widths"?: Widths<In, Out>;
  readonly inputSize: In;
  readonly outputSize: Out;
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly activation: Activation | null;

  constructor(inputSize: In, outputSize: Out, options: DenseOptions, ...extra: readonly undefined[]) {
    noMore("Dense", "inputSize, outputSize, options", extra);
    check("Dense", "the number of inputs", inputSize, ranges.positiveCount);
    check("Dense", "the number of outputs", outputSize, ranges.positiveCount);
    const who = `Dense(${inputSize}, ${outputSize})`;
    const { rng, init, bias, biasInit, activation } = resolveOptions<Resolved>(
      who,
      options ?? {},
      weightDefaults,
      weightRanges,
    );
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.weight = initialize(who, init, [inputSize, outputSize], rng);
    this.bias = bias ? initialize(who, biasInit, [outputSize], rng) : null;
    this.activation = activation;
    checks.fixFields?.(this, "inputSize", "outputSize");
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    checks.input?.(this, x.shape.at(-1) === this.inputSize, x.shape, `[..., ${this.inputSize}]`);
    const y = this.bias ? linear(x, this.weight, this.bias) : matmul(x, this.weight);
    return applied(this, y);
  }

  toString(): string {
    return `Dense(${[this.inputSize, this.outputSize, ...weightTexts(this)].join(", ")})`;
  }
}
