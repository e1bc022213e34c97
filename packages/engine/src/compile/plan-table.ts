import { formatShape } from "@gradus/core";
import { alignColumns } from "@gradus/core/text";
import type { Layout } from "./lay-out.ts";
import type { Lives } from "./lives.ts";
import type { Operand, Step } from "./trace.ts";
import type { Way } from "./ways.ts";

/** A table of a plan: each step, how it is done, and where its result lies. */
export function describePlan(
  steps: readonly Step[],
  ways: readonly Way[],
  lives: Lives,
  { offsets, total }: Layout,
): string {
  const names = new Map<object, string>();
  const counts = { t: 0, x: 0, b: 0 };
  const nameOf = (operand: Operand): string => {
    const life = lives.of(operand);
    const known = names.get(life);
    if (known) return known;
    const letter = life.captured ? "t" : life.first < 0 ? "x" : "b";
    names.set(life, letter + ++counts[letter]);
    return nameOf(operand);
  };
  const label = (operand: Operand): string => `${nameOf(operand)}${formatShape(operand.shape)}`;
  const rows = steps.map((step, i) => {
    const buffer = step.kind === "update" ? -1 : lives.of(step.writes[0]).index;
    return [
      String(i + 1),
      step.spec.name,
      step.reads.map(label).join(" "),
      step.writes.map(label).join(" "),
      ways[i].by,
      buffer < 0 ? "" : bytes(8 * offsets[buffer]),
    ];
  });
  const heading = ["", "step", "reads", "writes", "by", "at"];
  const buffers = lives.buffers.reduce((sum, { size }) => sum + size, 0);
  const memory = `${bytes(8 * total)} at the peak (${bytes(8 * buffers)} if none shared a place)`;
  return [
    ...alignColumns([heading, ...rows], [0, 1, 2, 3, 4, 5]).map((line) => line.trimEnd()),
    "",
    `${steps.length} steps, ${offsets.length} buffers: ${memory}. x: arguments, b: buffers, t: tensors from outside.`,
  ].join("\n");
}

function bytes(count: number): string {
  if (count < 1024) return `${count} B`;
  const kilobytes = count / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
