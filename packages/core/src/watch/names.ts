import { shortNumber } from "./text-numbers.ts";
import type { TraceData, WatchEvent } from "./trace.ts";

/**
 * A name for each tensor of a trace: its own; else letters for results (a, b, c …), t1, t2 … for results inside derived ops and
 * rules, p1, v1, k1 … for parameters, variables and constants, ∂x for the gradient of x, and the number itself for a constant
 * of one number.
 */
export function namesOf({ events, tensors }: TraceData): string[] {
  const names: string[] = [];
  const taken = new Set(tensors.flatMap(({ name }) => name ?? []));
  const counts = new Map<string, number>();
  const next = (kind: string): string => {
    for (;;) {
      const count = counts.get(kind) ?? 0;
      counts.set(kind, count + 1);
      const name = kind === "" ? letters(count) : `${kind}${count + 1}`;
      if (!taken.has(name)) return name;
    }
  };
  const given = (id: number): void => {
    const { name, kind, numbers, shape } = tensors[id];
    names[id] ??=
      name ??
      (kind === "constant" && shape.length === 0
        ? shortNumber(Number(numbers[0]))
        : next({ parameter: "p", variable: "v", constant: "k", result: "r" }[kind]));
  };
  const result = (id: number, event: WatchEvent): void => {
    names[id] ??= tensors[id].name ?? next(event.within === null ? "" : "t");
  };
  for (const event of events) {
    if (event.kind === "op" || event.kind === "derived") {
      // The results of a derived op are made inside it, and get their names before its other parts.
      if (event.kind === "derived")
        for (const id of event.outs) if (!event.inputs.includes(id)) result(id, event);
      event.inputs.forEach(given);
      if (event.kind === "op") result(event.out, event);
    } else if (event.kind === "rule") {
      given(event.x);
      given(event.out);
      names[event.g] ??= tensors[event.g].name ?? `∂${names[event.out]}`;
      names[event.gives] ??= tensors[event.gives].name ?? gradientName(names[event.x], event.before !== null);
      names[event.sum] ??= tensors[event.sum].name ?? `∂${names[event.x]}`;
    } else {
      given(event.parameter);
      names[event.before] ??= names[event.parameter];
      names[event.after] ??= names[event.parameter];
      event.reads.forEach(given);
    }
  }
  return names;
}

/** One of several gradients that are added up has a prime. */
function gradientName(x: string, oneOfSeveral: boolean): string {
  return `∂${x}${oneOfSeveral ? "′" : ""}`;
}

/** a, b, … z, aa, ab, … */
function letters(count: number): string {
  const letter = String.fromCharCode(97 + (count % 26));
  return count < 26 ? letter : letters(Math.floor(count / 26) - 1) + letter;
}
