import { ArgumentError, noMore, type Range, resolveOptions, type Tensor } from "@gradus/core";
import { ownFunction, ownLayer } from "@gradus/core/internal";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import type { HasWidths, Kept } from "../widths.ts";
import { type Activation, FunctionLayer } from "./function-layer.ts";

/** The class of a layer that applies an op and takes no options. */
export interface PlainActivation {
  new (): FunctionLayer & HasWidths<Kept>;
}

/** The class of a layer that applies an op with options `O`, which its instances have as fields. */
export interface ActivationWith<O extends object> {
  new (options?: O): FunctionLayer & HasWidths<Kept> & Readonly<Required<O>>;
}

/** The options of such a class. */
export interface Declaration<O extends object> {
  /** The values that each option may have. */
  readonly ranges: { readonly [K in keyof O]-?: Range };
  /** Their defaults, where these are not those of the op. */
  readonly defaults?: Required<O>;
  /** Whether the text of a layer leaves out options that have their defaults. */
  readonly brief?: boolean;
  /** The error in options that are each in range; undefined if there is none. */
  readonly conflict?: (options: Required<O>) => string | undefined;
  /** The input that is expected, if x does not fit; undefined if it does. */
  readonly misfit?: (x: Tensor, options: Required<O>) => string | undefined;
}

/** An op with params `O`. */
type OpWith<O> = ((x: Tensor, options: Required<O>) => Tensor) & {
  readonly spec: { readonly name: string; readonly defaults?: Partial<Required<O>> };
};

/**
 * Makes the class of a layer without parameters, which applies an op. The params of the op are the options of the
 * constructor, checked, and fields of the instance.
 *
 * @example const Tanh: PlainActivation = activation("Tanh", tanh);
 */
export function activation(name: string, op: Activation & Pick<OpWith<object>, "spec">): PlainActivation;
export function activation<O extends object>(
  name: string,
  op: OpWith<O>,
  declaration: Declaration<O>,
): ActivationWith<O>;
export function activation<O extends object>(
  name: string,
  op: OpWith<O>,
  { ranges, defaults, brief, conflict, misfit }: Partial<Declaration<O>> = {},
): ActivationWith<O> {
  const known = ranges ?? ({} as Declaration<O>["ranges"]);
  const standard: Partial<Required<O>> = defaults ?? op.spec.defaults ?? {};
  const names = Object.keys(known) as (keyof O & string)[];

  class ActivationLayer extends FunctionLayer {
    static override readonly own: true = ownLayer(() => ActivationLayer);

    constructor(given: object = {}, ...extra: readonly undefined[]) {
      noMore(name, "options", extra);
      const options = resolveOptions<Required<O>>(name, given, standard, known);
      const problem = conflict?.(options);
      if (problem) throw new ArgumentError(`${name}: ${problem}`);
      super(ranges ? ownFunction((x: Tensor) => op(x, options)) : (op as unknown as Activation));
      // Read-only: writing a field would change the text of the layer, but not its result.
      for (const option of names) {
        Object.defineProperty(this, option, { value: options[option], enumerable: true });
      }
    }

    override forward(x: Tensor, mode?: Mode): Tensor {
      checks.tensor?.(this, x);
      const expected = misfit?.(x, this as unknown as Required<O>);
      if (expected) checks.input?.(this, false, x.shape, expected);
      return super.forward(x, mode);
    }

    toJSON(): object {
      return { ...this, activation: op.spec.name };
    }

    override toString(): string {
      const own = this as unknown as Required<O>;
      const shown = names.filter((option) => !brief || own[option] !== standard[option]);
      return `${name}(${shown.map((option) => `${option}=${own[option]}`).join(", ")})`;
    }
  }
  Object.defineProperty(ActivationLayer, "name", { value: name });
  return ActivationLayer as unknown as ActivationWith<O>;
}
