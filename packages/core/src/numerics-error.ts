import { GradusError } from "./errors.ts";
import type { Shape } from "./shape.ts";

/** An operand of an op whose result is not finite. */
export interface FaultOperand {
  /** Its name in the net, such as `layers.0.weight`, if it has one. */
  readonly name: string | null;
  readonly shape: Shape;
  /** The number that the element was computed from; null if several were, as in a matrix product. */
  readonly value: number | null;
  /** The range of its numbers. */
  readonly min: number;
  readonly max: number;
}

/** The op that made NaN or an infinity from finite numbers, or NaN from operands without NaN. */
export interface NumericsFault {
  /** The op that was called; for an update its name, such as that of the rule of an optimizer. */
  readonly op: string;
  /** The op inside a derived op or a gradient rule that made it; null if it was the called op itself. */
  readonly inner: string | null;
  readonly phase: "forward" | "backward" | "update";
  /** In the backward phase: the op of the gradient rule and its input, counted from 0. */
  readonly rule: { readonly op: string; readonly input: number } | null;
  /** In the update phase: the name of the tensor that it changed, if it has one. */
  readonly parameter: string | null;
  /** The index of the first element that is not finite in the result of the op, or of the op inside it. */
  readonly index: readonly number[];
  /** That element: NaN, Infinity or -Infinity. */
  readonly value: number;
  /** The shape of that result. */
  readonly shape: Shape;
  /** The operands of that op. */
  readonly operands: readonly FaultOperand[];
  /** The layer of the op, such as `layers.3 (Dense)`; null outside of layers. */
  readonly layer: string | null;
  /**
   * The first line outside of gradus in the call of the op, as `file:line:column`; in the backward phase, that of the
   * forward pass. Null if the JavaScript engine does not give it.
   */
  readonly site: string | null;
}

/**
 * Is thrown by {@link trapNumerics} for an op that makes NaN or an infinity from finite numbers, or NaN from operands without
 * NaN. The message contains all fields.
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
