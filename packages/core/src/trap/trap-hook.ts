import type { Hook, Named } from "../hook.ts";
import { NumericsError, type NumericsFault } from "../numerics-error.ts";
import { type AnySpec, compute } from "../op.ts";
import { type Shape, sameShape } from "../shape.ts";
import { Storage } from "../storage.ts";
import { type OpRecord, Tensor } from "../tensor.ts";
import type { NumericsTrap } from "../trap.ts";
import { type AnyUpdate, runUpdate } from "../update.ts";
import { callerOf, here } from "./caller.ts";
import { type Badness, badnessOf, describe, firstWorse, indexOf, operandsOf, type Run } from "./fault.ts";
import { faultMessage } from "./message.ts";

/** The call, layer and line of an op in the forward pass; errors in its gradient rules name the same. */
interface Origin {
  /** The name of the op, or of the derived op that it is a part of. */
  readonly called: string;
  readonly layer: string | null;
  readonly place: Error;
}

/** The origins of ops, by their results. Kept after a trap ends, because `backward` may run in a later one. */
const origins = new WeakMap<Storage, Origin>();

/** The derived op or gradient rule that is running. */
interface Scope extends Origin {
  readonly outer: Scope | null;
  /** Whether only its result is checked for numbers as bad as this. If not, the ops inside it are checked one by one. */
  asOne(badness: Badness): boolean;
}

/** The hook of {@link trapNumerics}: runs everything as it is and looks at each result. */
export class TrapHook implements Hook, NumericsTrap {
  /** The hook around the trap, such as that of `watch`: it sees the same. */
  readonly #outer: Hook | null;
  #layer: string | null = null;
  #scope: Scope | null = null;
  readonly #names = new WeakMap<Storage, string>();
  /** For each result that is not finite: the run that first made a number that is not finite. */
  readonly #firstRuns = new WeakMap<Storage, Run>();

  readonly #nameOf = ({ storage }: Tensor): string | null => this.#names.get(storage) ?? null;

  constructor(outer: Hook | null) {
    this.#outer = outer;
  }

  name(x: Tensor, name: string): void {
    this.#names.set(x.storage, name);
  }

  layer<T>(name: string | null, run: () => T): T {
    const outer = this.#layer;
    this.#layer = name;
    try {
      return run();
    } finally {
      this.#layer = outer;
    }
  }

  op(spec: AnySpec, inputs: readonly Tensor[], shape: Shape, params: unknown): Storage {
    const storage =
      this.#outer?.op(spec, inputs, shape, params) ?? new Storage(compute(spec, inputs, shape, params));
    const out = storage.data;
    const badness = badnessOf([storage]);
    if (badness > 0 && !this.#passOn(storage, inputs) && badness > badnessOf(inputs)) {
      const run = { spec, inputs, out, shape, params };
      this.#noteFirstRun(storage, badness, run, this.#scope ? spec.name : null);
    }
    if (inputs.some(({ tracked }) => tracked)) origins.set(storage, this.#origin(spec.name));
    return storage;
  }

  within<T>(spec: Named, inputs: readonly Tensor[], run: () => T, params: unknown): T {
    const outer = this.#outer;
    let given: Badness | undefined;
    const asOne = (badness: Badness): boolean => {
      given ??= badnessOf(inputs);
      return badness > given;
    };
    const result = this.#in({ ...this.#origin(spec.name), outer: this.#scope, asOne }, () =>
      outer ? outer.within(spec, inputs, run, params) : run(),
    );
    for (const x of [result].flat()) {
      const first = x instanceof Tensor && this.#firstRuns.get(x.storage);
      const badness = first ? badnessOf([x]) : 0;
      if (first && asOne(badness)) this.#noteFirstRun(x.storage, badness, first, first.spec.name, spec.name);
    }
    return result;
  }

  rule(out: Tensor, index: number, g: Tensor, run: () => Tensor, sofar?: Tensor): Tensor {
    const { op, inputs } = out.record as OpRecord;
    const origin = origins.get(out.storage) ?? { called: op.name, layer: null, place: here() };
    const scope = { ...origin, outer: this.#scope, asOne: () => true };
    const gradient = this.layer(origin.layer, () =>
      this.#in(scope, () => this.#outer?.rule?.(out, index, g, run, sofar) ?? run()),
    );
    const badness = badnessOf([gradient]);
    if (badness <= badnessOf([g])) return gradient;
    const first = this.#firstRuns.get(gradient.storage);
    const given = badnessOf([g, ...inputs, out]);
    if (!first && badness <= given) return gradient;
    const place = firstWorse(gradient.data, given);
    const { called, layer } = origin;
    throw this.#error(origin.place, {
      op: called,
      phase: "backward",
      rule: { op: op.name, input: index },
      parameter: null,
      layer,
      ...(first
        ? { inner: first.spec.name, ...this.#element(first) }
        : {
            inner: null,
            index: indexOf(place, gradient.shape),
            value: gradient.data[place],
            shape: gradient.shape,
            operands: [
              describe(g, undefined, () => "the incoming gradient"),
              ...inputs.map((x) => describe(x, undefined, this.#nameOf)),
            ],
          }),
    });
  }

  update(spec: AnyUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void {
    const before = badnessOf([...reads, ...writes]);
    if (this.#outer) this.#outer.update(spec, reads, writes, params);
    else runUpdate(spec, reads, writes, params);
    const changed = writes.findIndex((x) => badnessOf([x]) > before);
    if (changed === -1) return;
    const { data, shape } = writes[changed];
    const place = firstWorse(data, before);
    const name = this.#nameOf(writes[0]);
    throw this.#error(here(), {
      op: spec.name,
      inner: null,
      phase: "update",
      rule: null,
      parameter: name === null || changed === 0 ? name : `state ${changed} of ${name}`,
      index: indexOf(place, shape),
      value: data[place],
      shape,
      operands: reads.map((x) => describe(x, sameShape(x.shape, shape) ? place : undefined, this.#nameOf)),
      layer: this.#layer,
    });
  }

  /** The origin of an op that is called now. */
  #origin(name: string): Origin {
    return this.#scope ?? { called: name, layer: this.#layer, place: here() };
  }

  #in<T>(scope: Scope, run: () => T): T {
    this.#scope = scope;
    try {
      return run();
    } finally {
      this.#scope = scope.outer;
    }
  }

  /** Notes a run that made a number that is not finite. Throws, unless a derived op or rule around it is checked as one. */
  #noteFirstRun(
    result: Storage,
    badness: Badness,
    first: Run,
    inner: string | null,
    name: string = first.spec.name,
  ): void {
    this.#firstRuns.set(result, first);
    for (let scope = this.#scope; scope; scope = scope.outer) if (scope.asOne(badness)) return;
    const { called, layer, place } = this.#origin(name);
    const fault = { op: called, inner, phase: "forward", rule: null, parameter: null, layer } as const;
    throw this.#error(place, { ...fault, ...this.#element(first) });
  }

  /** A non-finite operand passes its first run on to the result. @returns whether there is one. */
  #passOn(result: Storage, inputs: readonly Tensor[]): boolean {
    for (const { storage } of inputs) {
      const first = this.#firstRuns.get(storage);
      if (first) this.#firstRuns.set(result, first);
    }
    return this.#firstRuns.has(result);
  }

  #element(first: Run): Pick<NumericsFault, "index" | "value" | "shape" | "operands"> {
    const { out, shape, inputs } = first;
    const place = firstWorse(out, badnessOf(inputs));
    const operands = operandsOf(first, place, this.#nameOf);
    return { index: indexOf(place, shape), value: out[place], shape, operands };
  }

  #error(place: Error, found: Omit<NumericsFault, "site">): NumericsError {
    const fault = { ...found, site: callerOf(place) };
    return new NumericsError(faultMessage(fault), fault);
  }
}
