import { ArgumentError, type Range, resolveOptions, type Tensor } from "@gradus/core";
import { checkInput } from "../checks.ts";
import type { Mode } from "../mode.ts";
import { type Activation, FunctionLayer } from "./function-layer.ts";

/** The class of a layer that applies an op and takes no options. */
export interface PlainActivation {
  new (): FunctionLayer;
}

/** The class of a layer that applies an op with options `O`, which are fields of its instances. */
export interface ActivationWith<O extends object> {
  new (options?: O): FunctionLayer & Readonly<Required<O>>;
}

/** The declaration of the options of such a class. */
export interface Declaration<O extends object> {
  /** The allowed values of each option. */
  readonly ranges: { readonly [K in keyof O]-?: Range };
  /** The defaults, if they differ from those of the op. */
  readonly defaults?: Required<O>;
  /** Whether the text of a layer leaves out options with default values. */
  readonly brief?: boolean;
  /** The error in options that are each in range; undefined if there is none. */
  readonly conflict?: (options: Required<O>) => string | undefined;
  /** A description of the expected input if x does not fit; undefined if it fits. */
  readonly misfit?: (x: Tensor, options: Required<O>) => string | undefined;
}

type OpWith<O> = ((x: Tensor, options: Required<O>) => Tensor) & {
  readonly spec: { readonly defaults?: object };
};

/**
 * Makes the class of a layer without parameters that applies an op. The constructor checks the params of the op as its
 * options and sets them as fields.
 *
 * @example const Tanh: PlainActivation = activation("Tanh", tanh);
 */
export function activation(name: string, op: Activation): PlainActivation;
export function activation<O extends object>(
  name: string,
  op: OpWith<O>,
  declaration: Declaration<O>,
): ActivationWith<O>;
export function activation<O extends object>(
  name: string,
  op: Activation | OpWith<O>,
  declaration?: Declaration<O>,
): PlainActivation | ActivationWith<O> {
  const { conflict, misfit, brief = false } = declaration ?? {};
  const ranges = declaration?.ranges ?? ({} as Declaration<O>["ranges"]);
  const defaults = declaration?.defaults ?? ((op as OpWith<O>).spec.defaults as Required<O> | undefined);
  const names = Object.keys(ranges) as (keyof O & string)[];

  class ActivationLayer extends FunctionLayer {
    readonly #options: Required<O>;

    constructor(given: O = {} as O) {
      const options = resolveOptions<Required<O>>(name, given, defaults ?? {}, ranges);
      const problem = conflict?.(options);
      if (problem !== undefined) throw new ArgumentError(`${name}: ${problem}`);
      super(declaration ? (x) => (op as OpWith<O>)(x, options) : (op as Activation));
      this.#options = options;
      // Read-only: writing a field would change the text of the layer, but not its result.
      for (const option of names)
        Object.defineProperty(this, option, { value: options[option], enumerable: true });
    }

    override forward(x: Tensor, mode?: Mode): Tensor {
      const expected = misfit?.(x, this.#options);
      if (expected !== undefined) checkInput(this, false, x.shape, expected);
      return super.forward(x, mode);
    }

    override toString(): string {
      const shown = names.filter((option) => !brief || this.#options[option] !== defaults?.[option]);
      return `${name}(${shown.map((option) => `${option}=${this.#options[option]}`).join(", ")})`;
    }
  }
  Object.defineProperty(ActivationLayer, "name", { value: name });
  return ActivationLayer as unknown as PlainActivation | ActivationWith<O>;
}
