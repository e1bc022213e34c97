/** A gradient rule against the difference quotient of its op, element by element. */
import { tensor } from "@gradus/core";
import type {
  DerivedEvent,
  OpEvent,
  RuleEvent,
  TraceData,
  WatchEvent,
  WatchedTensor,
} from "@gradus/core/watch";

/** An op as a function of tensors; its params come last. */
export type Callable = (...args: never[]) => { readonly data: Float64Array };

/** The difference quotient of an element. */
export interface Quotient {
  /** Σⱼ gⱼ·(outⱼ(x + h) − outⱼ(x − h)) / 2h; null if the element, or the op's value on one side, is not finite. */
  readonly value: number | null;
  /** `same`: the rule agrees. `kink`: the slopes on both sides differ, the rule takes one of them. */
  readonly verdict: "same" | "kink" | "edge" | "differs";
}

/** The largest tensor that is checked: each element needs two calls of the op. */
const MOST = 64;
/** The cube root of the float64 epsilon: the step at which truncation and rounding are about equal. */
const STEP = Math.cbrt(2 ** -52);
const CLOSE = 1e-6;

/**
 * The quotient of each element of a rule's input: null if there is nothing to compare, because the tensor is too large or the
 * op cannot be called again (it draws random numbers).
 */
export function quotientsOf(
  { tensors, events }: TraceData,
  rule: RuleEvent,
  ops: Readonly<Record<string, Callable>>,
): readonly Quotient[] | null {
  const event = rule.of === null ? undefined : callOf(events, events[rule.of] as OpEvent);
  const op = event && ops[event.kind === "op" ? event.op : event.name];
  if (op === undefined || event === undefined) return null;
  const index = event.kind === "op" ? rule.input : event.inputs.indexOf(rule.x);
  const inputs = event.inputs.map((id) => tensors[id]);
  const [x, g, gives] = [tensors[rule.x], tensors[rule.g], tensors[rule.gives]];
  const all = [...inputs, tensors[rule.out], g, gives];
  if (all.some(({ summary }) => summary !== null) || x.numbers.length > MOST) return null;
  const ofG = g.numbers.map(Number);

  /** Σⱼ gⱼ·(outⱼ − out'ⱼ). A term with g = 0 does not count, as in the rules; nor does an infinity that stays. */
  const weighted = (high: Float64Array, low: Float64Array): number =>
    ofG.reduce(
      (sum, each, j) => (each === 0 || high[j] === low[j] ? sum : sum + each * (high[j] - low[j])),
      0,
    );
  try {
    const args = inputs.map(({ numbers, shape }) =>
      tensor(Float64Array.from(numbers, Number)).reshape({ shape }),
    );
    const call = [...args, ...(event.params === null ? [] : [event.params])] as never[];
    const moved = args[index].data;
    // A copy, since the result of a view shares the numbers that move.
    const out = (): Float64Array => op(...call).data.slice();
    const here = out();
    return x.numbers.map((number, element): Quotient => {
      const at = Number(number);
      const h = STEP * Math.max(1, Math.abs(at));
      moved[element] = at + h;
      const high = out();
      moved[element] = at - h;
      const low = out();
      moved[element] = at;
      const value = weighted(high, low) / (2 * h);
      const expected = Number(gives.numbers[element]);
      if (!Number.isFinite(value)) return { value: null, verdict: "edge" };
      const [right, left] = [weighted(high, here) / h, weighted(here, low) / h];
      const scale = Math.max(1, Math.abs(expected), Math.abs(value));
      if (Math.abs(value - expected) <= CLOSE * scale) return { value, verdict: "same" };
      return { value, verdict: Math.abs(right - left) > 1e-3 * scale ? "kink" : "differs" };
    });
  } catch {
    return null;
  }
}

/** The call of a user that an op is: itself, or the op around it that has the same result and other params. */
function callOf(events: readonly WatchEvent[], event: OpEvent): OpEvent | DerivedEvent {
  const around = event.within === null ? undefined : events[event.within];
  return around?.kind === "derived" && around.outs[0] === event.out ? around : event;
}

/** The numbers of a tensor that JSON has kept as text. */
export function numbersOf({ numbers }: WatchedTensor): number[] {
  return numbers.map(Number);
}
