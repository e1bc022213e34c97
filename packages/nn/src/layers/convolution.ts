import { add, check, Parameter, type Range, ranges, resolveOptions, type Tensor } from "@gradus/core";
import { initialize } from "../initialize.ts";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { checkGroups } from "../ops/channels.ts";
import { pairOf, positivePair } from "../ops/images.ts";
import type { Pair } from "../ops/window.ts";
import type { HasWidths, Widths } from "../widths.ts";
import { checkChannels } from "./channels.ts";
import { type Activation, applied } from "./function-layer.ts";
import { type Resolved, weightDefaults, weightRanges, weightTexts } from "./weighted.ts";

/** The size of a kernel: a number for all axes, or a pair [height, width]. */
export type KernelSize = number | readonly number[];

/** A kind of convolution: its op, whose params `P` are options of the layer. */
export interface ConvolutionKind<P> {
  readonly name: string;
  readonly op: ((x: Tensor, weight: Tensor, params: Required<P>) => Tensor) & {
    readonly spec: { readonly defaults?: object };
  };
  /** The axes of the input between the batch and the channels, for messages. */
  readonly axes: readonly string[];
  readonly ranges: { readonly [K in keyof P]-?: Range };
  /** Changes the drawn weight [..., in/groups, out] to the layout that the op takes. Default: it is that layout. */
  readonly layout?: (weight: Tensor, groups: number) => Tensor;
}

type Params<P> = Required<P> & { readonly groups: number };

/** A layer that applies a convolution of any kind, with a weight, a bias and an activation. */
export class ConvolutionLayer<P extends object, In extends number, Out extends number>
  implements Layer, HasWidths<Widths<In, Out>>
{
  declare readonly "~widths"?: Widths<In, Out>;
  readonly inputChannels: In;
  readonly outputChannels: Out;
  readonly kernel: KernelSize;
  /** The params of the op: stride, padding, dilation and groups. */
  readonly params: Readonly<Params<P>>;
  readonly weight: Parameter;
  readonly bias: Parameter | null;
  readonly activation: Activation | null;
  readonly #kind: ConvolutionKind<P>;

  constructor(
    kind: ConvolutionKind<P>,
    inputChannels: In,
    outputChannels: Out,
    kernel: KernelSize,
    options: object,
  ) {
    const { name, axes, layout } = kind;
    check(name, "the number of input channels", inputChannels, ranges.positiveCount);
    check(name, "the number of output channels", outputChannels, ranges.positiveCount);
    check(name, "the size of the kernel", kernel, axes.length === 1 ? ranges.positiveCount : positivePair);
    const who = `${name}(${inputChannels}, ${outputChannels}, ${textOf(kernel)})`;
    const { rng, init, bias, biasInit, activation, ...params } = resolveOptions<Resolved & Params<P>>(
      who,
      options ?? {},
      { ...weightDefaults, ...kind.op.spec.defaults } as never,
      {
        ...weightRanges,
        ...kind.ranges,
      } as never,
    );
    const { groups } = params as unknown as Params<P>;
    checkGroups(inputChannels, groups, "input channels", `${who}: `);
    checkGroups(outputChannels, groups, "output channels", `${who}: `);
    this.#kind = kind;
    this.params = params as unknown as Params<P>;
    this.inputChannels = inputChannels;
    this.outputChannels = outputChannels;
    this.kernel = typeof kernel === "number" ? kernel : [...kernel];
    const field = pairOf(kernel as number | Pair).slice(0, axes.length);
    const weight = initialize(who, init, [...field, inputChannels / groups, outputChannels], rng);
    this.weight = layout ? new Parameter(layout(weight, groups)) : weight;
    this.bias = bias ? initialize(who, biasInit, [outputChannels], rng) : null;
    this.activation = activation;
    checks.fixFields?.(this, "inputChannels", "outputChannels", "kernel");
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const { axes, op } = this.#kind;
    checkChannels(this, x.shape, this.inputChannels, axes.join(", "), axes.length + 2);
    const y = op(x, this.weight, this.params as Required<P>);
    return applied(this, this.bias ? add(y, this.bias) : y);
  }

  toString(): string {
    const { inputChannels, outputChannels, kernel, params } = this;
    const { name, op } = this.#kind;
    const defaults = op.spec.defaults as Readonly<Record<string, unknown>>;
    const options = Object.entries(params).flatMap(([option, value]) =>
      value === defaults[option] ? [] : `${option}=${textOf(value)}`,
    );
    return `${name}(${[inputChannels, outputChannels, textOf(kernel), ...options, ...weightTexts(this)].join(", ")})`;
  }
}

/** A value in the text of a layer. */
export function textOf(value: unknown): string {
  return JSON.stringify(value).replaceAll(",", ", ");
}
