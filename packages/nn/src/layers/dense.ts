import {
  check,
  linear,
  matmul,
  noMore,
  type Parameter,
  type Range,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
  type Tensor,
  zeros,
} from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import { checkInput, checkResult, checkTensor } from "../checks.ts";
import { type Initializer, initialize, initializerRange, lecunNormal } from "../initialize.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import type { HasWidths, Widths } from "../widths.ts";
import { type Activation, activationName, activationRange } from "./function-layer.ts";

/** Options of {@link Dense}. */
export interface DenseOptions {
  /** The random stream for the initial values: first the weight, then the bias. */
  readonly rng: Rng;
  /** Initial weight. Default `lecunNormal`: variance 1/in. */
  readonly init?: Initializer;
  /** Whether there is a bias. Default true. */
  readonly bias?: boolean;
  /** Initial bias. Default core's `zeros`. */
  readonly biasInit?: Initializer;
  /** A function that is applied to the result. Default: none. */
  readonly activation?: Activation;
}

interface Resolved extends Required<Omit<DenseOptions, "activation">> {
  readonly activation: Activation | null;
}

const defaults: Omit<Resolved, "rng"> = {
  init: lecunNormal,
  bias: true,
  biasInit: zeros,
  activation: null,
};

const allowed: Record<keyof DenseOptions, Range> = {
  rng: randomStream,
  init: initializerRange,
  bias: ranges.flag,
  biasInit: initializerRange,
  activation: { ...activationRange, admits: (value) => value === null || activationRange.admits(value) },
};

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
      defaults,
      allowed,
    );
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.weight = initialize(who, init, [inputSize, outputSize], rng);
    this.bias = bias ? initialize(who, biasInit, [outputSize], rng) : null;
    this.activation = activation;
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checkTensor(this, x);
    checkInput(this, x.shape.at(-1) === this.inputSize, x.shape, `[..., ${this.inputSize}]`);
    const y = this.bias ? linear(x, this.weight, this.bias) : matmul(x, this.weight);
    if (this.activation === null) return y;
    const out = this.activation(y);
    checkResult(this, out);
    return out;
  }

  /** For `JSON.stringify`, which leaves functions out: the fields, with the name of the activation. */
  toJSON(): object {
    return { ...this, activation: this.activation && activationName(this.activation) };
  }

  toString(): string {
    const { activation, bias } = this;
    const options = [
      ...(activation ? [`activation=${activationName(activation)}`] : []),
      ...(bias ? [] : ["bias=false"]),
    ];
    return `Dense(${[this.inputSize, this.outputSize, ...options].join(", ")})`;
  }
}
