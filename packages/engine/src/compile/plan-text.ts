import { formatShape } from "@gradus/core";
import type { CompiledPlan, PlanOperand } from "./plan-data.ts";

/** A list of the steps of a plan: how each is done, where its result lies, and what it computes of what. */
export function planText({ steps, leftOut, buffers, total, sumOfBuffers }: CompiledPlan): string {
  const lines = steps.map(({ name, of, group, by, reads, writes, at }, i) => {
    const done = `${i + 1} ${group.padEnd(8)} ${by.padEnd(6)} ${list(writes)} = ${name}(${list(reads)})`;
    return done + (of ? ` of ${of}` : "") + (at === null ? "" : ` at ${at}`);
  });
  return [
    ...lines,
    `${steps.length} steps, ${leftOut.length} left out; ${buffers.length} buffers in ${total} bytes (${sumOfBuffers} unshared)`,
  ].join("\n");
}

function list(operands: readonly PlanOperand[]): string {
  return operands.map(({ name, shape }) => name + formatShape(shape)).join(" ");
}
