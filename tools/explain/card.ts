import { backward, type Tensor, tensor, variable } from "@gradus/core";
import { alignColumns } from "@gradus/core/text";
import { type CatalogueEntry, catalogue, type SampleEntry } from "../catalogue/catalogue.ts";
import { functions } from "./evaluate.ts";
import { shortNumber, wrapped } from "./internals.ts";
import { ruleSource } from "./notes.ts";
import { plot } from "./plot.ts";

/** The interval of the plots, and their height in lines. */
const [FROM, TO, HEIGHT] = [-4, 4, 9];
const MOST_COLUMNS = 64;
const AT = [-1, 0, 1];

/** An op as the catalogue and its own values describe it. */
export interface Card {
  readonly entry: CatalogueEntry;
  /** Value, first and second derivative at some points; null for an op that is no function of one number. */
  readonly values: readonly (readonly [x: number, value: number, first: number, second: number])[] | null;
}

/** The names of all ops of all registries. */
export function opNames(): string[] {
  return Object.keys(functions).sort();
}

let entries: readonly CatalogueEntry[] | undefined;

/** The card of an op of a registry. */
export function cardOf(name: string): Card {
  entries ??= catalogue();
  const entry = entries.find((one) => one.name === name) as CatalogueEntry;
  return { entry, values: isCurve(entry) ? AT.map((x) => [x, ...derivatives(name, x)] as const) : null };
}

/** Whether it is a function of one number. */
function isCurve({ group, inputs, params, kind }: CatalogueEntry): boolean {
  const free = params.every((param) => param.default !== null);
  return group === "element-wise" && inputs.length === 1 && free && kind !== "defineListOp";
}

/** f, f′ and f″ at a point, by the op and `backward`. */
function derivatives(name: string, x: number): [number, number, number] {
  const at = variable(tensor(x));
  const y = functions[name](at) as Tensor;
  if (!y.tracked) return [y.item(), 0, 0];
  const first = backward(y, { differentiable: true }).of(at);
  return [y.item(), first.item(), first.tracked ? (backward(first).get(at)?.item() ?? 0) : 0];
}

/** The card as lines of at most `columns` characters. */
export function cardText({ entry, values }: Card, columns: number): string[] {
  const { name, formula, paper, params, file, first, instruction, examples } = entry;
  const text = (line: string, margin = 0): string[] =>
    wrapped(line, columns - margin).map((part) => " ".repeat(margin) + part);
  const inputs = entry.inputs.join(", ");
  return [
    ...text(
      `${name}(${inputs}${params.length > 0 ? ", params" : ""})${entry.method ? `, also ${entry.inputs[0]}.${name}(…)` : ""}`,
    ),
    ...text(formula, 2),
    "",
    ...text(entry.comment.split("\n\n")[0].replace(/\s+/g, " ")),
    ...(params.length === 0 ? [] : ["", "params"]),
    ...params.flatMap((param) => [
      ...text(`${param.name}: ${param.default === null ? "must be given" : param.default}`, 2),
      ...(param.comment === "" ? [] : text(param.comment.replace(/\s+/g, " "), 4)),
    ]),
    "",
    ...rulesText(entry, text),
    ...(values === null ? sampleText(entry, text) : curveText(name, values, columns)),
    ...(examples.length === 0 ? [] : ["", "example", ...examples.flatMap((example) => text(example, 2))]),
    "",
    ...(paper === null ? [] : text(`paper: ${paper}`)),
    ...text(`compiled: ${compiledText(instruction)}`),
    ...text(`source: ${file}:${first}`),
  ];
}

type Writer = (line: string, margin?: number) => string[];

function rulesText({ name, rules, inputs }: CatalogueEntry, text: Writer): string[] {
  if (rules === null) return ["gradient: from the ops it is made of"];
  if (rules.every((rule) => rule === "null")) return ["gradient: none flows through it"];
  const lines = rules.flatMap((rule, input) => {
    const who = `towards ${rules.length === 1 && inputs.length > 1 ? "each input" : (inputs[input] ?? "each input")}`;
    const source = ruleSource(name, input);
    if (source === undefined) return text(`${who}: none`, 2);
    return [
      ...text(`${who}, ${source.file.replace(/^.*\//, "")}:${source.line}`, 2),
      ...rule.split("\n").flatMap((line) => text(line, 4)),
    ];
  });
  return [...text("gradient rules; g is the gradient of the result"), ...lines];
}

function curveText(name: string, values: NonNullable<Card["values"]>, columns: number): string[] {
  const wide = columns >= 90;
  const count = Math.min(MOST_COLUMNS, (wide ? Math.floor((columns - 3) / 2) : columns) - 8);
  const xs = Array.from({ length: count }, (_, i) => FROM + ((TO - FROM) * i) / (count - 1));
  const all = xs.map((x) => derivatives(name, x));
  const [f, slope] = [0, 1].map((k) =>
    plot(
      all.map((each) => each[k]),
      FROM,
      TO,
      HEIGHT,
    ),
  );
  const heads = [`${name}(x) for x from ${FROM} to ${TO}`, "its derivative"];
  const width = Math.max(heads[0].length, ...f.map((line) => line.length)) + 3;
  const plots = wide
    ? [heads[0].padEnd(width) + heads[1], ...f.map((line, i) => (line.padEnd(width) + slope[i]).trimEnd())]
    : [heads[0], ...f, "", heads[1], ...slope];
  const rows = [["x", "value", "derivative", "second"], ...values.map((row) => row.map(shortNumber))];
  return ["", ...plots, "", ...alignColumns(rows, [])];
}

/** The sample with the most axes, run. */
function sampleText({ name, samples, kind }: CatalogueEntry, text: Writer): string[] {
  const axes = ({ inputs }: SampleEntry): number =>
    inputs.reduce((sum, input) => sum + ("shape" in input ? input.shape.length : 0), 0);
  const best = samples.reduce((a, b) => (axes(b) > axes(a) ? b : a));
  const shapes = best.inputs.map((input) =>
    "shape" in input ? `[${input.shape.join(",")}]` : JSON.stringify(input.values),
  );
  const params =
    best.params === null || Object.keys(best.params).length === 0 ? [] : [JSON.stringify(best.params)];
  const list = kind === "defineListOp" ? [`[${shapes.join(", ")}]`] : shapes;
  return ["", ...text(`a sample of its tests: ${name}(${[...list, ...params].join(", ")})`)];
}

function compiledText({ layout, name, madeOf }: CatalogueEntry["instruction"]): string {
  if (layout !== null) return `the instruction ${name ?? layout}${name === null ? "" : ` (${layout})`}`;
  return madeOf.length > 0
    ? `the op${madeOf.length > 1 ? "s" : ""} ${madeOf.join(", ")}`
    : "its own loop, between the instructions of other ops";
}
