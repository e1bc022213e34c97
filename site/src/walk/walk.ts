/** A walk through a trace: its steps, and what is known after each of them. Plain data; no page is needed. */
import {
  type Row,
  type Rows,
  type RuleEvent,
  rowsOf,
  type Section,
  type TraceData,
  type WatchEvent,
} from "@gradus/core/watch";

/** How much one step is: a layer, an op, or also each op inside a derived op or rule. */
export type Depth = "layers" | "ops" | "parts";

/** One step of a walk. */
export interface Step {
  readonly kind: Section["kind"];
  /** What happens in it: one row; in a step of a layer all of its rows. */
  readonly rows: readonly Row[];
  readonly title: string;
  /** How many derived ops and rules it is inside of. */
  readonly level: number;
}

/** A tensor as a line of the tape. */
export interface Line {
  /** Its entry in the trace. */
  readonly id: number;
  readonly name: string;
  /** The op and its inputs as text; "given" for a tensor that no step makes. */
  readonly made: string;
  /** The lines that it is computed from. */
  readonly inputs: readonly number[];
  /** The step that makes it; −1 for a given one. */
  readonly step: number;
  readonly layer: string | null;
  readonly level: number;
}

/** A trace as steps and lines, at one depth. */
export interface Walk {
  readonly trace: TraceData;
  readonly rows: Rows;
  readonly steps: readonly Step[];
  readonly lines: readonly Line[];
}

/** What a line shows at a moment. */
export interface LineState {
  /** The entry with its numbers; null before they are computed. An update gives another entry. */
  readonly value: number | null;
  /** The entry with its gradient so far; null before one has arrived. */
  readonly gradient: number | null;
}

/** The walk of a trace. @param trace of `watch`, or its JSON. */
export function walkOf(trace: TraceData, depth: Depth): Walk {
  const rows = rowsOf(trace);
  const steps = rows.sections.flatMap(({ kind, rows }) =>
    groupsOf(depth === "parts" ? rows : rows.filter(({ inner }) => !inner), depth).flatMap((group): Step[] =>
      depth === "parts" ? group.flatMap((row) => withParts(row, kind, 0)) : [stepOf(group, kind, 0)],
    ),
  );
  return { trace, rows, steps, lines: linesOf(trace, rows, steps) };
}

/** The state of each line after step `at`; −1 is the moment before the first. */
export function statesAt(walk: Walk, at: number): LineState[] {
  const pasts = pastsOfWalks.get(walk) ?? pastsOf(walk);
  pastsOfWalks.set(walk, pasts);
  return pasts.map(({ values, gradients }) => ({
    value: entryAt(values, at),
    gradient: entryAt(gradients, at),
  }));
}

/** What a line gets, in the order of the steps. */
interface Past {
  readonly values: Change[];
  readonly gradients: Change[];
}
interface Change {
  readonly step: number;
  readonly entry: number;
}

const pastsOfWalks = new WeakMap<Walk, readonly Past[]>();

function pastsOf({ trace, steps, lines }: Walk): Past[] {
  const root = rootsOf(trace);
  const pasts = lines.map(({ id, step }): Past => ({ values: [{ step, entry: id }], gradients: [] }));
  const ofRoot = new Map(lines.map(({ id }, line) => [root(id), pasts[line]]));
  steps.forEach(({ rows }, step) => {
    for (const { event } of rows) {
      if (event.kind === "rule") {
        // The result of a program has the gradient that `backward` begins with.
        const out = ofRoot.get(root(event.out));
        if (out?.gradients.length === 0) out.gradients.push({ step, entry: event.g });
        ofRoot.get(root(event.x))?.gradients.push({ step, entry: event.sum });
      }
      if (event.kind === "update")
        ofRoot.get(root(event.parameter))?.values.push({ step, entry: event.after });
    }
  });
  return pasts;
}

/** The last entry up to a step; null before the first. */
function entryAt(changes: readonly Change[], at: number): number | null {
  return changes.findLast(({ step }) => step <= at)?.entry ?? null;
}

/** A gradient that came to a tensor by one use of it. */
export interface Way {
  /** The entry with what the rule gave. */
  readonly gives: number;
  readonly step: number;
  readonly title: string;
}

/** The ways by which the input of a rule has got its gradient, up to step `at`, in this backward pass. */
export function waysTo({ trace, steps }: Walk, rule: RuleEvent, at: number): Way[] {
  const root = rootsOf(trace);
  let ways: Way[] = [];
  for (const [step, { rows }] of steps.slice(0, at + 1).entries()) {
    for (const { event, label } of rows) {
      if (event.kind !== "rule" || root(event.x) !== root(rule.x)) continue;
      if (event.before === null) ways = []; // another backward pass
      ways.push({ gives: event.gives, step, title: label });
    }
  }
  return ways;
}

/** Neighbouring rows of one layer as a group, at the depth of layers; else each row alone. */
function groupsOf(rows: readonly Row[], depth: Depth): Row[][] {
  const groups: Row[][] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    const joins = depth === "layers" && row.event.layer !== null && last?.[0].event.layer === row.event.layer;
    if (joins) last.push(row);
    else groups.push([row]);
  }
  return groups;
}

function stepOf(rows: readonly Row[], kind: Step["kind"], level: number): Step {
  const title = rows.length === 1 ? rows[0].label : String(rows[0].event.layer);
  return { kind, rows, title, level };
}

/** The parts of a row come before it, since it needs their results. */
function withParts(row: Row, kind: Step["kind"], level: number): Step[] {
  return [...row.parts.flatMap((part) => withParts(part, kind, level + 1)), stepOf([row], kind, level)];
}

/** Each tensor that a step makes or that is given, in the order of the steps. */
function linesOf(trace: TraceData, { names }: Rows, steps: readonly Step[]): Line[] {
  const root = rootsOf(trace);
  const lines: Line[] = [];
  const lineOf = new Map<number, number>();
  const add = (id: number, line: Omit<Line, "id" | "name">): void => {
    if (lineOf.has(root(id)) || isNumber(names[id])) return;
    lineOf.set(root(id), lines.length);
    lines.push({ id: root(id), name: names[id], ...line });
  };
  const given = (id: number): void => add(id, { made: "given", inputs: [], step: -1, layer: null, level: 0 });
  steps.forEach(({ rows, kind, level }, step) => {
    const made = new Set(rows.flatMap(({ event }) => madeBy(event)));
    const last = rows[rows.length - 1];
    for (const { event } of rows) for (const id of needs(event)) if (!made.has(id)) given(id);
    const outs = madeBy(last.event);
    const inputs = [...new Set(rows.flatMap(({ event }) => needs(event)))].filter((id) => !made.has(id));
    const text = last.label.replace(/^.*? = /, "");
    for (const id of outs) {
      add(id, {
        made: rows.length > 1 ? String(last.event.layer) : text,
        inputs: inputs.flatMap((input) => lineOf.get(root(input)) ?? []),
        step,
        layer: last.event.layer,
        level,
      });
    }
    if (kind === "backward") for (const { event } of rows) if (event.kind === "rule") given(event.x);
  });
  return lines;
}

/** A constant of one number: the text of its op shows it. */
function isNumber(name: string | undefined): boolean {
  return name !== undefined && (name === "NaN" || !Number.isNaN(Number(name)));
}

/** The tensors that an event computes from. */
function needs(event: WatchEvent): readonly number[] {
  return event.kind === "op" || event.kind === "derived" ? event.inputs : [];
}

function madeBy(event: WatchEvent): readonly number[] {
  if (event.kind === "op") return [event.out];
  return event.kind === "derived" ? event.outs : [];
}

/** A function that gives the first entry of a tensor that updates have changed. It is asked in every step. */
function rootsOf(trace: TraceData): (id: number) => number {
  let roots = rootsOfTraces.get(trace);
  if (roots === undefined) {
    roots = new Map();
    for (const event of trace.events) if (event.kind === "update") roots.set(event.after, event.parameter);
    rootsOfTraces.set(trace, roots);
  }
  const found = roots;
  return (id) => found.get(id) ?? id;
}

const rootsOfTraces = new WeakMap<TraceData, Map<number, number>>();
