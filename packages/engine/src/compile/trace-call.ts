import { Tensor } from "@gradus/core";
import type { AnySpec } from "@gradus/core/internal";
import { isOwnOp } from "./derived-call.ts";
import type { Follower } from "./follower.ts";
import { Head } from "./head.ts";
import { flowOf, type Known } from "./known.ts";
import { returnedBy } from "./returned.ts";
import { eachTensor } from "./structure.ts";
import type { Operand, Step } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

const NOTHING: Known = {
  steps: [],
  flows: [],
  own: [],
  derived: [],
  count: 0,
  returned: [],
  streams: [],
  rewound: [],
};

/** The parts of the function `(...args) => rest(second(first(...args), ...args))`. */
export interface Parts<Args extends readonly Tensor[], Seen, Result> {
  first(...args: Args): Tensor;
  second(output: Tensor, ...args: Args): Seen;
  rest(seen: Seen): Result;
}

/** One traced call. */
export interface Traced<Result> {
  readonly returned: Result;
  readonly known: Known;
  readonly whole: boolean;
  /** The steps of `first`; null if a call cannot begin after them. */
  readonly head: Head | null;
  readonly steps: readonly Step[];
  readonly results: readonly Operand[];
  rebuild(args: readonly Tensor[], computed: readonly Tensor[]): Result;
}

/** What of an earlier call the function is compared with. */
export interface Compared {
  readonly places: readonly Operand[];
  /** Whether `rest` is compared too. */
  readonly whole: boolean;
  /** The steps of `first`, if they are the same as then. */
  readonly head: Head | null;
}

/** Calls the function under a follower. @returns null if the call is the known trace. */
export function traceCall<Args extends readonly Tensor[], Seen, Result>(
  follower: Follower,
  { first, second, rest }: Parts<Args, Seen, Result>,
  args: Args,
  { places, whole, head }: Compared,
): Traced<Result> | null {
  const stand = args.map(
    ({ shape, tracked }, i) => new Tensor(follower.argument(places[i]), shape, { tracked }),
  ) as unknown as Args;
  return follower.trace(() => {
    const output = head ? follower.skip(head, stand) : first(...stand);
    const firstCount = follower.position;
    const makesStreams = follower.streams.length > 0;
    const seen = second(output, ...stand);
    if (!whole && follower.finished(seen)) {
      follower.checkOrder();
      return null;
    }
    const ownCount = follower.steps.length;
    const returned = rest(seen);
    if (whole && follower.finished(returned)) {
      follower.checkOrder();
      return null;
    }
    const { steps, flows, derived, streams, computes } = follower;
    if (computes) {
      return { returned, known: NOTHING, whole, head: null, steps, results: [], rebuild: () => returned };
    }
    follower.checkOrder();
    const foreign = steps.slice(0, ownCount).some(hasForeignRules);
    const compared = tensorsOf(foreign ? returned : seen);
    const known: Known = {
      steps,
      flows,
      own: steps.map(({ kind, spec }) => kind === "op" && isOwnOp(spec)),
      derived: steps.map((_, i) => derived[i]),
      count: foreign ? steps.length : ownCount,
      returned: compared.map((x) => [follower.place(x), flowOf(x)]),
      streams: [...streams],
      rewound: [...streams],
    };
    const next = head ?? (makesStreams ? null : Head.of(known, firstCount, stand, output, follower));
    return { returned, known, whole: foreign, head: next, steps, ...resultsOf(returned, stand, follower) };
  });
}

/** Whether gradient rules may depend on more than their operands and params: what they do is then compared in every call too. */
function hasForeignRules({ kind, spec }: Step): boolean {
  if (kind === "update" || isOwnOp(spec)) return false;
  return (spec as Partial<AnySpec>).vjp?.some((rule) => rule !== null) === true;
}

function tensorsOf(value: unknown): Tensor[] {
  const tensors: Tensor[] = [];
  eachTensor(value, (x) => tensors.push(x));
  return tensors;
}

/** The results of a run, and the returned value made of them. */
function resultsOf<Result>(
  returned: Result,
  stand: readonly Tensor[],
  follower: Follower,
): Pick<Traced<Result>, "results" | "rebuild"> {
  const results: Operand[] = [];
  const rebuild = returnedBy(returned, (x) => {
    const place = stand.indexOf(x);
    if (place >= 0) return (given) => given[place];
    const found = follower.place(x);
    if (found.storage instanceof UnknownStorage) {
      const index = results.push(found) - 1;
      return (_, computed) => computed[index];
    }
    return found.storage === x.storage ? () => x : () => new Tensor(found.storage.data.slice(), x.shape);
  });
  return { results, rebuild };
}
