import { formatShape } from "@gradus/core";
import { alignColumns } from "@gradus/core/text";
import type { Layout } from "./lay-out.ts";
import type { Lives } from "./lives.ts";
import { type Operand, readsOf, type Step, stepName, writesOf } from "./trace.ts";
import type { Way } from "./ways.ts";

/** A table of a plan: each step, how it is done, and where its result lies. */
export function describePlan(
  steps: readonly Step[],
  ways: readonly Way[],
  lives: Lives,
  { offsets, total }: Layout,
): string {
  const names = new Map<object, string>();
  const nameOf = (operand: Operand): string => {
    const life = lives.of(operand);
    const known = names.get(life);
    if (known) return known;
    const letter = life.captured ? "t" : life.first < 0 ? "x" : "b";
    const name = `${letter}${count(letter, names) + 1}`;
    names.set(life, name);
    return name;
  };
  const label = (operand: Operand): string => `${nameOf(operand)}${formatShape(operand.shape)}`;
  const rows = steps.map((step, i) => {
    const buffer = step.kind === "update" ? -1 : lives.buffers.indexOf(lives.of(step.out));
    return [
      String(i + 1),
      stepName(step),
      readsOf(step).map(label).join(" "),
      writesOf(step).map(label).join(" "),
      ways[i].by,
      buffer < 0 ? "" : bytes(8 * offsets[buffer]),
    ];
  });
  const heading = ["", "step", "reads", "writes", "by", "at"];
  const buffers = lives.buffers.reduce((sum, { size }) => sum + size, 0);
  const counts = `${steps.length} steps, ${offsets.length} buffers`;
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
