import { ArgumentError } from "../errors.ts";
import { noMore } from "../options.ts";
import { show } from "../shape.ts";
import { namesOf } from "./names.ts";
import type { OpEvent, RuleEvent, TraceData, WatchEvent } from "./trace.ts";

/** A step as a view shows it. */
export interface Row {
  readonly event: WatchEvent;
  /** `a = mul(x, y)`, `x ← mul, input 1`, `w ← SGD`. */
  readonly label: string;
  /** The tensor whose numbers it shows: the result, the gradient of the input so far, the changed parameter. */
  readonly shows: number;
  /** The two gradients that were added up, or the numbers before an update; null if there is nothing to compare. */
  readonly from: readonly number[];
  /** A rule that passes the gradient on inside a derived op or rule, or an update of the state of an optimizer or layer. */
  readonly inner: boolean;
  /** The ops that it is made of. */
  readonly parts: readonly Row[];
}

/** Steps of one kind that follow each other. */
export interface Section {
  readonly kind: "forward" | "backward" | "update";
  readonly rows: readonly Row[];
}

/** A trace in the form in which a page or a terminal shows it. */
export interface Rows {
  /** For each tensor its name, or a letter; a constant of one number is that number. */
  readonly names: readonly string[];
  /** The tensors that no op of the trace made, but for constants of one number, in the order in which they were used. */
  readonly given: readonly number[];
  readonly sections: readonly Section[];
}

/**
 * Groups the events of a trace: sections of forward, backward and update steps, each step with its parts.
 *
 * @param trace of `watch`, or its JSON.
 * @throws ArgumentError for anything else.
 * @example rowsOf(trace).sections.map(({ kind }) => kind); // ["forward", "backward", "update"]
 */
export function rowsOf(trace: TraceData, ...extra: readonly undefined[]): Rows {
  noMore("rowsOf", "trace", extra);
  if (!Array.isArray(trace?.events) || !Array.isArray(trace.tensors)) {
    throw new ArgumentError(`rowsOf: needs a trace of watch, or its JSON, got ${show(trace)}`);
  }
  const { events } = trace;
  const names = namesOf(trace);
  const makers = new Map<number, WatchEvent>();
  const parts = new Map<number | null, WatchEvent[]>();
  for (const event of events) {
    if (event.kind === "op") makers.set(event.out, event);
    const siblings = parts.get(event.within);
    if (siblings) siblings.push(event);
    else parts.set(event.within, [event]);
  }
  const outermost = (event: WatchEvent): WatchEvent => {
    let at = event;
    while (at.within !== null) at = events[at.within];
    return at;
  };

  const rowOf = (event: WatchEvent): Row => ({
    event,
    parts: (parts.get(event.id) ?? []).map(rowOf),
    ...faceOf(event),
  });
  const faceOf = (event: WatchEvent): Omit<Row, "event" | "parts"> => {
    if (event.kind === "op")
      return {
        label: `${names[event.out]} = ${call(event.op, event)}`,
        shows: event.out,
        from: [],
        inner: false,
      };
    if (event.kind === "derived") {
      const outs = event.outs.map((id) => names[id]).join(", ");
      return { label: `${outs} = ${call(event.name, event)}`, shows: event.outs[0], from: [], inner: false };
    }
    if (event.kind === "rule") {
      const from = event.before === null ? [] : [event.before, event.gives];
      return {
        label: `${names[event.x]} ← ${ruleText(event)}`,
        shows: event.sum,
        from,
        inner: isInner(event),
      };
    }
    return {
      label: `${names[event.parameter]} ← ${event.name}`,
      shows: event.after,
      from: [event.before],
      inner: !["parameter", "variable"].includes(trace.tensors[event.parameter].kind),
    };
  };
  const call = (name: string, { inputs, params }: Pick<OpEvent, "inputs" | "params">): string => {
    const shown = params === null ? [] : [literal(params)];
    return `${name}(${[...inputs.map((id) => names[id]), ...shown].join(", ")})`;
  };
  const ruleText = (event: RuleEvent): string => {
    const around = event.of === null ? null : outermost(events[event.of]);
    if (around?.kind === "derived") {
      const input = around.inputs.indexOf(event.x);
      if (input >= 0) return `${around.name}, input ${input + 1}`;
    }
    const outside = around?.kind === "rule" ? ` in the rule of ${around.op}` : "";
    return `${event.op}, input ${event.input + 1}${outside}`;
  };
  const isInner = (event: RuleEvent): boolean => {
    if (event.of === null) return false;
    const around = outermost(events[event.of]);
    const maker = makers.get(event.x);
    return around.id !== event.of && maker !== undefined && outermost(maker) === around;
  };

  const sections: { kind: Section["kind"]; rows: Row[] }[] = [];
  for (const event of parts.get(null) ?? []) {
    const row = rowOf(event);
    const kind = event.kind === "rule" ? "backward" : event.kind === "update" ? "update" : "forward";
    const last = sections.at(-1);
    // The state of a layer that is updated in between does not end the forward pass.
    if (last && (last.kind === kind || (kind === "update" && row.inner))) last.rows.push(row);
    else sections.push({ kind, rows: [row] });
  }
  const used = new Set((parts.get(null) ?? []).flatMap((event) => ("inputs" in event ? event.inputs : [])));
  const made = new Set(events.flatMap(madeBy));
  const given = [...used].filter((id) => !made.has(id) && names[id] !== undefined && isWord(names[id]));
  return { names, given, sections };
}

/** The tensors that an event made. */
export function madeBy(event: WatchEvent): readonly number[] {
  if (event.kind === "op") return [event.out];
  if (event.kind === "derived") return event.outs;
  if (event.kind === "rule") return event.before === null ? [] : [event.sum];
  return event.after === event.before ? [] : [event.after];
}

/** Not a number: the name of a constant of one number is the number. */
function isWord(name: string): boolean {
  return Number.isNaN(Number(name)) && name !== "NaN";
}

/** Params as one would type them. */
function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([name, entry]) => `${name}: ${literal(entry)}`);
    return `{ ${entries.join(", ")} }`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
