import { GradientError, type OpRecord, Tensor, variable } from "@gradus/core";
import { type AnySpec, ids } from "@gradus/core/internal";
import { formOf } from "./structure.ts";

/** Gives a tensor that a compiled function returns, in a run with these arguments. */
export type Source = (given: readonly Tensor[], computed: readonly Tensor[]) => Tensor;

/**
 * The value that a function has returned when it was traced, as a function of the arguments and results of a run. A tensor that
 * is in it twice is one tensor in each run, too.
 *
 * @param sourceOf where a tensor comes from; called once for each.
 * @throws ArgumentError for a value that runs could not repeat.
 */
export function returnedBy<Result>(
  value: Result,
  sourceOf: (x: Tensor) => Source,
): (given: readonly Tensor[], computed: readonly Tensor[]) => Result {
  const places = new Map<Tensor, number>();
  const sources: Source[] = [];
  const form = formOf(value, (x) => {
    const known = places.get(x);
    if (known !== undefined) return known;
    places.set(x, sources.length);
    return sources.push(sourceOf(x)) - 1;
  });
  return (given, computed) => form(sources.map((source) => source(given, computed))) as Result;
}

/** The op of results that depend on variables outside of the compiled function. */
const compiled: Pick<AnySpec, "name" | "vjp"> = {
  name: "compiled",
  vjp: [
    () => {
      throw new GradientError(
        "backward: no gradient flows through the result of a compiled function to its arguments. Call backward or grad inside of the " +
          "function; if the result is a constant, pass x.detach()",
      );
    },
  ],
};
/** The input of all those results: they do not keep the arguments. */
const nothing = variable(0);

/** A result that depends on arguments that are variables, or computed from some: `backward` refuses it, as there is no gradient. */
export function withoutGradient({ storage, shape }: Tensor): Tensor {
  const record: OpRecord = {
    id: ids.next++,
    op: compiled as AnySpec,
    inputs: [nothing],
    versions: [nothing.storage.version],
    params: undefined,
  };
  return new Tensor(storage, shape, { record });
}

/** Whether x was computed from some of these tensors in such a way that gradients would flow to them. */
export function dependsOn(x: Tensor, sources: readonly Tensor[]): boolean {
  const open = sources.length > 0 ? [x] : [];
  const seen = new Set(open);
  for (const { record } of open) {
    for (const input of record?.inputs ?? []) {
      if (sources.includes(input)) return true;
      if (!input.tracked || seen.has(input)) continue;
      seen.add(input);
      open.push(input);
    }
  }
  return false;
}
