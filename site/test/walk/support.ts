import { expect } from "vitest";
import { statesAt, type Walk } from "../../src/walk/walk.ts";

/** What must hold at every step of every walk. */
export function checkWalk(walk: Walk): void {
  const { lines, steps, trace } = walk;
  for (const [i, { step, inputs }] of lines.entries()) {
    for (const input of inputs) {
      expect(input).toBeLessThan(i); // a line comes after those that it is computed from
      expect(lines[input].step).toBeLessThanOrEqual(step);
    }
  }
  const end = statesAt(walk, steps.length - 1);
  for (const { value } of end) expect(value).not.toBeNull();
  const gradients = steps.flatMap(({ rows }) =>
    rows.flatMap(({ event }) => (event.kind === "rule" ? [event] : [])),
  );
  for (const { before, gives, sum } of gradients) {
    if (before === null) continue;
    const [a, b, c] = [before, gives, sum].map((id) => trace.tensors[id].numbers.map(Number));
    expect(c).toEqual(a.map((x, i) => x + b[i])); // a sum that is shown is one
  }
}
