import { formatShape } from "@gradus/core";
import { alignColumns } from "@gradus/core/text";
import type { Plan } from "./plan.ts";
import { type Operand, readsOf, stepName } from "./tape.ts";

/** A table of a plan: what is done, how, and where the results lie. */
export function describePlan(plan: Pick<Plan, "steps" | "ways" | "values" | "offsets" | "total">): string {
  const { steps, ways, values, offsets, total } = plan;
  const names = new Map<object, string>();
  const nameOf = (operand: Operand): string => {
    const value = values.of(operand);
    const known = names.get(value);
    if (known) return known;
    const letter = value.captured ? "t" : value.first < 0 ? "x" : "b";
    const name = `${letter}${count(letter, names) + 1}`;
    names.set(value, name);
    return name;
  };
  const label = (operand: Operand): string => `${nameOf(operand)}${formatShape(operand.shape)}`;
  const rows = steps.map((step, i) => {
    const outs = step.kind === "update" ? step.writes : [step.out];
    const where =
      step.kind === "update" || values.of(step.out).captured
        ? ""
        : bytes(8 * (offsets.get(values.of(step.out)) ?? 0));
    return [
      String(i + 1),
      stepName(step),
      readsOf(step).map(label).join(" "),
      outs.map(label).join(" "),
      ways[i].by,
      where,
    ];
  });
  const heading = ["", "step", "reads", "writes", "by", "at"];
  const buffers = [...offsets.keys()].reduce((sum, { size }) => sum + size, 0);
  const counts = `${steps.length} steps, ${offsets.size} buffers`;
  const memory = `${bytes(8 * total)} at the peak (${bytes(8 * buffers)} if none shared a place)`;
  return [
    ...alignColumns([heading, ...rows], [0, 1, 2, 3, 4, 5]).map((line) => line.trimEnd()),
    "",
    `${counts}: ${memory}. x: arguments, b: buffers, t: tensors from outside.`,
  ].join("\n");
}

function count(letter: string, names: ReadonlyMap<object, string>): number {
  return [...names.values()].filter((name) => name.startsWith(letter)).length;
}

function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  if (count < 1024 * 1024) return `${(count / 1024).toFixed(1)} KB`;
  return `${(count / 1024 / 1024).toFixed(1)} MB`;
}
