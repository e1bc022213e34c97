import type { Operand, Step } from "./trace.ts";

/**
 * The steps that matter: those that the results depend on, those that change a tensor, and those that draw random numbers, since
 * later draws depend on them.
 */
export function prune(steps: readonly Step[], results: readonly Operand[]): Step[] {
  const needed = new Set(results.map(({ storage }) => storage));
  return steps
    .toReversed()
    .filter((step) => {
      const pure = step.kind === "op" && !step.spec.impure;
      if (pure && !needed.has(step.writes[0].storage)) return false;
      for (const { storage } of [...step.reads, ...step.writes]) needed.add(storage);
      return true;
    })
    .reverse();
}
