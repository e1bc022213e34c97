import { GradusError } from "./errors.ts";
import type { Shape } from "./shape.ts";

/** An operand of an op whose result is not finite. */
export interface FaultOperand {
  /** Its name in the net, such as `layers.0.weight`, if it has one. */
  readonly name: string | null;
  readonly shape: Shape;
  /** The one number of it that the element was made from; null where others took part too, as in a product of matrices. */
  readonly value: number | null;
  /** The smallest and largest number of it. */
  readonly min: number;
  readonly max: number;
}

/** How finite numbers became NaN or infinite. */
export interface NumericsFault {
  /** The op that was called; of an update its name, such as that of the optimizer's rule. */
  readonly op: string;
  /**
   * The op inside of it that did it: a derived op consists of others, and so do gradient rules. Null if it was the op
   * itself.
   */
  readonly inner: string | null;
  readonly phase: "forward" | "backward" | "update";
  /** In the backward phase: whose gradient rule it was, and towards which input, counted from 0. */
  readonly rule: { readonly op: string; readonly input: number } | null;
  /** In the update phase: the name of what it changed, if it has one. */
  readonly parameter: string | null;
  /** Where the first element that is not finite stands in the result of the op, or of the op inside of it. */
  readonly index: readonly number[];
  /** That element: NaN, Infinity or -Infinity. */
  readonly value: number;
  /** The shape of that result. */
  readonly shape: Shape;
  /** What it was computed from. */
  readonly operands: readonly FaultOperand[];
  /** The layer the op ran in, such as `layers.3 (Dense)`; null outside of layers or where nobody said. */
  readonly layer: string | null;
  /**
   * The line that called the op, as `file:line:column`: the first one outside of gradus. In the backward phase, the line of
   * the forward pass. Null if the engine does not tell.
   */
  readonly site: string | null;
}

/**
 * An op made NaN or an infinity of finite numbers, under {@link trapNumerics}. The message says all there is to say; the
 * fields are for programs.
 */
export class NumericsError extends GradusError implements NumericsFault {
  override name = "NumericsError";
  /** @internal */
  override readonly namesOp = true;
  readonly op: string;
  readonly inner: string | null;
  readonly phase: "forward" | "backward" | "update";
  readonly rule: { readonly op: string; readonly input: number } | null;
  readonly parameter: string | null;
  readonly index: readonly number[];
  readonly value: number;
  readonly shape: Shape;
  readonly operands: readonly FaultOperand[];
  readonly layer: string | null;
  readonly site: string | null;

  constructor(message: string, fault: NumericsFault, options?: ErrorOptions) {
    super(message, options);
    this.op = fault.op;
    this.inner = fault.inner;
    this.phase = fault.phase;
    this.rule = fault.rule;
    this.parameter = fault.parameter;
    this.index = fault.index;
    this.value = fault.value;
    this.shape = fault.shape;
    this.operands = fault.operands;
    this.layer = fault.layer;
    this.site = fault.site;
  }

  /** The shapes of the operands. */
  get shapes(): readonly Shape[] {
    return this.operands.map(({ shape }) => shape);
  }
}
