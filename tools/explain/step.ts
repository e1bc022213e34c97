import { type Tensor, tensor } from "@gradus/core";
import { type OpEvent, type Row, type RuleEvent, rowsOf, type TraceData } from "@gradus/core/watch";
import { broadcasts } from "../catalogue/catalogue.ts";
import { functions } from "./evaluate.ts";
import {
  type Block,
  type Line,
  numbersText,
  shortNumber,
  shownRows,
  tableLines,
  valueText,
  wrapped,
} from "./internals.ts";
import { noteOf, ruleSource, sourceOf } from "./notes.ts";
import { repeatLines, repeatsOf } from "./repeat.ts";

/** Numbers of an operand for which a rule is compared with central differences. */
const MOST = 64;
const STEP = 1e-5;

/**
 * One step in detail: its operands, the rule with its line, and a comparison with central differences of the op.
 *
 * @param number counted from 1, as the table shows them.
 * @throws RangeError if there is no such step.
 */
export function stepText(trace: TraceData, number: number, expand: boolean, columns: number): string[] {
  const { names, sections } = rowsOf(trace);
  const steps = sections.flatMap((section) =>
    shownRows(section, expand).map(({ row }) => ({ row, kind: section.kind })),
  );
  const step = steps[number - 1];
  if (step === undefined)
    throw new RangeError(`there is no step ${number}: the steps are 1 to ${steps.length}`);
  const { row, kind } = step;
  const { event } = row;
  const value = (id: number): string => numbersText(trace.tensors[id], 12);
  const line = (label: string, note: string, shown: string, at = ""): Line => ({
    label,
    note,
    value: shown,
    at,
    isStep: false,
  });
  const lines: Line[] = [];
  if (event.kind === "rule") {
    const { of, before } = event;
    const op = of === null ? null : (trace.events[of] as OpEvent);
    const rule = ruleSource(event.op, event.input);
    const letters = sourceOf(event.op)?.inputs ?? [];
    (op?.inputs ?? [event.x]).forEach((id, i) => {
      lines.push(line(letters[op ? i : event.input] ?? `input ${i + 1}`, names[id], value(id)));
    });
    lines.push(line("out", names[event.out], value(event.out)));
    lines.push(line("g", `the gradient of ${names[event.out]}`, value(event.g)));
    lines.push(
      line(
        "rule gives",
        rule ? (noteOf(event).text ?? "") : "",
        value(event.gives),
        rule ? `${rule.file}:${rule.line}` : "",
      ),
    );
    if (before !== null) {
      lines.push(line("had before", `by other ways, ${names[event.x]} had`, value(before)));
      lines.push(line("sum", `the gradient of ${names[event.x]} so far`, value(event.sum)));
    }
  } else if (event.kind === "update") {
    event.reads.forEach((id) => {
      lines.push(line("reads", names[id], value(id)));
    });
    lines.push(line("before", names[event.parameter], value(event.before)));
    lines.push(line("after", names[event.parameter], value(event.after)));
  } else {
    const source = sourceOf(event.kind === "op" ? event.op : event.name);
    event.inputs.forEach((id, i) => {
      lines.push(line(source?.inputs[i] ?? `input ${i + 1}`, names[id], value(id)));
    });
    const outs = event.kind === "op" ? [event.out] : event.outs;
    outs.forEach((id) => {
      lines.push(line("out", names[id], value(id), source ? `${source.file}:${source.first}` : ""));
    });
  }
  const note = noteOf(event).text;
  const block: Block = { head: ["given", "value"], lines };
  return [
    `step ${number} of ${steps.length}, ${kind}: ${row.label}`,
    ...(event.kind !== "rule" && note ? [note] : []),
    ...(event.layer === null ? [] : [`in layer ${event.layer}`]),
    ...tableLines([block], columns).slice(1),
    ...repeatsOf(row, trace, names, broadcasts).flatMap((repeat) => [
      ...wrapped(repeat.text, columns),
      ...repeatLines(repeat),
    ]),
    ...partsOf(row, trace, columns),
    ...(event.kind === "rule" ? comparison(event, trace) : []),
  ];
}

/** The ops that a derived op or a rule is made of. */
function partsOf(row: Row, trace: TraceData, columns: number): string[] {
  if (row.parts.length === 0) return [];
  const lines = row.parts.map((part) => ({
    label: part.label,
    note: noteOf(part.event).text ?? "",
    value: valueText(part, trace),
    at: "",
    isStep: false,
  }));
  return ["made of", ...tableLines([{ head: ["given", ""], lines }], columns).slice(1)];
}

/** The rule beside central differences of ⟨g, op⟩ by this input, with all other operands fixed. */
function comparison(event: RuleEvent, trace: TraceData): string[] {
  const numeric = differences(event, trace);
  if (numeric === null) return [];
  const analytic = trace.tensors[event.gives].numbers.map(Number);
  const worst = numeric.findIndex(
    (value, i) => !(Math.abs(value - analytic[i]) <= 1e-6 * (1 + Math.abs(value))),
  );
  const shown = numeric.slice(0, 6).map(shortNumber).join(" ") + (numeric.length > 6 ? " …" : "");
  const verdict = worst < 0 ? "✓ agrees with" : "✗ differs from";
  return [`${verdict} central differences of the op: ${shown}`];
}

function differences(event: RuleEvent, { events, tensors }: TraceData): number[] | null {
  const op = event.of === null ? null : (events[event.of] as OpEvent);
  if (op === null || !Object.hasOwn(functions, op.op)) return null;
  const operands = [...op.inputs, event.g].map((id) => tensors[id]);
  if (operands.some(({ summary }) => summary !== null)) return null;
  const [inputs, [g]] = [operands.slice(0, -1), operands.slice(-1)];
  const x = inputs[event.input];
  if (x.numbers.length > MOST) return null;
  const call = functions[op.op];
  const params = op.params === null ? [] : [op.params];
  const at = (element: number, by: number): number => {
    const given = inputs.map(({ numbers, shape }, i) => {
      const values = Float64Array.from(numbers, Number);
      if (i === event.input) values[element] += by;
      return tensor(values, shape);
    });
    const out = "list" in call.spec ? call(given, ...params) : call(...given, ...params);
    return (out as Tensor).data.reduce((sum, value, i) => sum + value * Number(g.numbers[i]), 0);
  };
  try {
    return x.numbers.map((_, i) => (at(i, STEP) - at(i, -STEP)) / (2 * STEP));
  } catch {
    return null; // indices, for example, have no values between
  }
}
