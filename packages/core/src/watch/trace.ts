import { checkGiven } from "../check-given.ts";
import { noMore } from "../options.ts";
import type { Shape } from "../shape.ts";
import { encoded } from "./numbers.ts";
import { traceText } from "./text.ts";

/** A tensor with the numbers that it had when it was met. After a change in place it has another entry. */
export interface WatchedTensor {
  /** Its position in the list of tensors. */
  readonly id: number;
  readonly shape: Shape;
  /** All numbers, row-major; of a tensor that is over the limit the first 64. */
  readonly numbers: readonly number[];
  /** Only of a tensor over the limit: what all of its numbers are like. The variance divides by their number. */
  readonly summary: NumbersSummary | null;
  /** The name that `name` gave it. */
  readonly name: string | null;
  /** `result`: an op made it, also one before the watch. */
  readonly kind: "parameter" | "variable" | "constant" | "result";
}

/** What the numbers of a large tensor are like. */
export interface NumbersSummary {
  readonly mean: number;
  readonly variance: number;
  readonly min: number;
  readonly max: number;
}

/** The part of every event. Numbers of tensors are positions in {@link TraceData.tensors}, numbers of events are in the order of their start. */
interface EventBase {
  readonly id: number;
  /** The derived op or rule that it is a part of: the id of its event; null outside of all. */
  readonly within: number | null;
  /** The layer that `layer` named; of a rule, and of the ops in it, that of its op. */
  readonly layer: string | null;
}

/** An op ran. */
export interface OpEvent extends EventBase {
  readonly kind: "op";
  readonly op: string;
  /** The formula of the declaration; null in published files, which leave it out. */
  readonly formula: string | null;
  readonly inputs: readonly number[];
  readonly out: number;
  /** The params that are not the defaults, as plain data; null if there are none. */
  readonly params: Readonly<Record<string, unknown>> | null;
  /** The line that called it, as `file:line:column`; null if unknown, and for parts of derived ops and rules. */
  readonly site: string | null;
}

/** An op that is a formula over other ops ran: these are the events within it. */
export interface DerivedEvent extends EventBase {
  readonly kind: "derived";
  readonly name: string;
  readonly formula: string | null;
  readonly inputs: readonly number[];
  readonly outs: readonly number[];
  readonly params: Readonly<Record<string, unknown>> | null;
  readonly site: string | null;
}

/** The gradient rule of an op ran for one of its inputs: the events within it are the ops of the rule and the sum. */
export interface RuleEvent extends EventBase {
  readonly kind: "rule";
  /** The event of its op; null if the op ran before the watch. */
  readonly of: number | null;
  readonly op: string;
  /** The position of the input, from 0. */
  readonly input: number;
  /** The input that gets the gradient, and the result of the op. */
  readonly x: number;
  readonly out: number;
  /** The gradient with respect to the result. */
  readonly g: number;
  /** What the rule gave, in the shape of the input. */
  readonly gives: number;
  /** The gradient that the input had by other ways before; null if this was the first. */
  readonly before: number | null;
  /** The gradient of the input so far: `before` + `gives`. */
  readonly sum: number;
}

/** An update changed a tensor in place. One that writes several tensors has an event for each. */
export interface UpdateEvent extends EventBase {
  readonly kind: "update";
  /** The name of the update; `assign` for a change by other means, which is noticed when the tensor is used again. */
  readonly name: string;
  /** What it reads, such as the gradient. */
  readonly reads: readonly number[];
  /** The tensor as it was first met: the same number for all changes of one tensor. */
  readonly parameter: number;
  readonly before: number;
  readonly after: number;
  /** The first event of the same update. */
  readonly call: number;
  readonly site: string | null;
}

/** What happened in a watched function, one step. */
export type WatchEvent = OpEvent | DerivedEvent | RuleEvent | UpdateEvent;

/** A trace as plain data. */
export interface TraceData {
  readonly events: readonly WatchEvent[];
  readonly tensors: readonly WatchedTensor[];
}

/** Options of `String(trace)`. */
export interface TraceTextOptions {
  /** Characters of a line, at least 20. Default 100. */
  readonly columns?: number;
  /** Whether ops inside derived ops and rules are shown. Default false. */
  readonly expand?: boolean;
}

/** What {@link watch} saw. `String(trace)` is a table, `JSON.stringify(trace)` gives plain data. */
export class Trace<T = unknown> implements TraceData {
  /** What the function returned. */
  readonly result: T;
  /** In order; `within` nests them. */
  readonly events: readonly WatchEvent[];
  /** By id. */
  readonly tensors: readonly WatchedTensor[];

  /** @internal */
  constructor(result: T, { events, tensors }: TraceData) {
    this.result = result;
    this.events = events;
    this.tensors = tensors;
  }

  /** The steps as a table: forward, backward and updates with their numbers. */
  toString(options: TraceTextOptions = {}, ...extra: readonly undefined[]): string {
    const given: TraceTextOptions = checkGiven("trace.toString", "option", options, OPTIONS, extra);
    return traceText(this, given);
  }

  /**
   * The events and tensors as plain data, which JSON keeps. NaN, the infinities and −0, which it would not keep, become text:
   * "NaN", "Infinity", "-Infinity", "-0". `Number(text)` gives them back. The result of the function is left out.
   */
  toJSON(...extra: unknown[]): TraceData {
    noMore("trace.toJSON", "", extra.slice(1)); // JSON.stringify passes a key
    return encoded({ events: this.events, tensors: this.tensors }) as TraceData;
  }
}

const OPTIONS = {
  columns: {
    says: "must be a whole number ≥ 20",
    admits: (x: unknown) => Number.isSafeInteger(x) && (x as number) >= 20,
  },
  expand: "flag",
} as const;
