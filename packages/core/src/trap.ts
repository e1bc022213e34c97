import { ArgumentError } from "./errors.ts";
import { type Hook, hook, withHook } from "./hook.ts";
import { NumericsError, type NumericsFault } from "./numerics-error.ts";
import type { AnySpec } from "./op.ts";
import { compute } from "./op.ts";
import { type Shape, sameShape, show } from "./shape.ts";
import { Storage } from "./storage.ts";
import { type OpRecord, Tensor } from "./tensor.ts";
import { callerOf, here } from "./trap/caller.ts";
import { allFinite, describe, firstNonFinite, indexOf, operandsOf, type Run } from "./trap/fault.ts";
import { faultMessage } from "./trap/message.ts";
import { type AnyUpdate, runUpdate } from "./update.ts";

/** What the function under {@link trapNumerics} may tell about itself, to make messages clearer. */
export interface NumericsTrap {
  /** Runs a part of the computation in the name of a layer. The gradient rules of its ops count as the layer's too. */
  layer<T>(name: string, run: () => T): T;
  /** Gives a tensor the name by which messages are to call it. */
  name(x: Tensor, name: string): void;
}

/**
 * Runs a function and throws as soon as it makes NaN or an infinity of finite numbers: at the first op, in the forward
 * or the backward pass, or update whose operands were all finite and whose result is not. The error says which element of
 * which op it is, what it was made from, and which line called the op.
 *
 * - A derived op counts as one, and so does a gradient rule: what is not finite inside of it but is masked before its
 *   end is no fault. Between ops of the forward pass it is one: `where(x.greater(0), x.log(), 0)` is caught at its log.
 * - Infinities that were there before, such as the −∞ of a mask, are none: an op with such an operand is not looked at.
 * - Functions made by `compile` run op by op, and give the same numbers. Op by op it takes up to three times as long.
 *
 * @param run is called at once, with a {@link NumericsTrap} to give names to layers and tensors.
 * @returns what `run` returns.
 * @throws NumericsError; ArgumentError if `run` is no function or async, or for a call inside a function that `compile`
 *   is tracing.
 * @example
 * trapNumerics(() => backward(net.forward(x).log().mean()));
 * // NumericsError: log([4,3]) made -Infinity at [2,0] of finite numbers: input 1 there is 0; log was called at main.ts:7:44
 */
export function trapNumerics<T>(run: (trap: NumericsTrap) => T): T {
  if (typeof run !== "function") throw new ArgumentError(`trapNumerics: needs a function, got ${show(run)}`);
  if (hook()?.draws) {
    throw new ArgumentError(
      "trapNumerics: there are no numbers to look at while compile traces a function; put it around the call of the " +
        "compiled function",
    );
  }
  const trap = new Trap();
  const result = withHook(trap, () => run(trap));
  if (typeof (result as { then?: unknown } | null | undefined)?.then === "function") {
    throw new ArgumentError(
      "trapNumerics: the function is async, and what it does after its first await would escape; put trapNumerics " +
        'around the parts between (fit has the option onNaN: "explain")',
    );
  }
  return result;
}

/** Where an op stood in the forward pass: its gradient rules answer to the same place. */
interface Origin {
  /** What was called: the op, or a derived op that it is a part of. */
  readonly called: string;
  readonly layer: string | null;
  readonly place: Error;
}

/** By the result of the op. Kept beyond a trap, as `backward` may be called in a later one. */
const origins = new WeakMap<Storage, Origin>();

/** A derived op or a gradient rule that is running. */
interface Scope extends Origin {
  readonly outer: Scope | null;
  /** Whether it is judged by its result alone. If not, the ops inside of it are judged one by one. */
  asOne(): boolean;
}

class Trap implements Hook, NumericsTrap {
  #layer: string | null = null;
  #scope: Scope | null = null;
  readonly #names = new WeakMap<Storage, string>();
  /** By a result that is not finite: the run of the op where that began. */
  readonly #births = new WeakMap<Storage, Run>();
  readonly #nameOf = ({ storage }: Tensor): string | null => this.#names.get(storage) ?? null;

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
    const out = compute(spec, inputs, shape, params);
    const storage = new Storage(out);
    if (firstNonFinite(out) !== -1) {
      const run = { spec, inputs, out, shape, params };
      if (inputs.every(allFinite)) this.#born(storage, run, this.#scope ? spec.name : null);
      else this.#inherit(storage, inputs);
    }
    if (inputs.some(({ tracked }) => tracked)) origins.set(storage, this.#origin(spec.name));
    return storage;
  }

  within<T>(name: string, inputs: readonly Tensor[], run: () => T): T {
    let finite: boolean | undefined;
    const asOne = (): boolean => {
      finite ??= inputs.every(allFinite);
      return finite;
    };
    const result = this.#in({ ...this.#origin(name), outer: this.#scope, asOne }, run);
    for (const x of [result].flat()) {
      const birth = x instanceof Tensor && this.#births.get(x.storage);
      if (birth && asOne()) this.#born(x.storage, birth, birth.spec.name, name);
    }
    return result;
  }

  rule(out: Tensor, index: number, g: Tensor, run: () => Tensor): Tensor {
    const { op, inputs } = out.record as OpRecord;
    const origin = origins.get(out.storage) ?? { called: op.name, layer: null, place: here() };
    const scope = { ...origin, outer: this.#scope, asOne: () => true };
    const gradient = this.layer(origin.layer, () => this.#in(scope, run));
    if (allFinite(gradient) || !allFinite(g)) return gradient;
    const birth = this.#births.get(gradient.storage);
    if (!birth && ![...inputs, out].every(allFinite)) return gradient;
    const place = firstNonFinite(gradient.data);
    const { called, layer } = origin;
    throw this.#error(origin.place, {
      op: called,
      phase: "backward",
      rule: { op: op.name, input: index },
      parameter: null,
      layer,
      ...(birth
        ? { inner: birth.spec.name, ...this.#element(birth) }
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
    const finite = [...reads, ...writes].every(allFinite);
    runUpdate(spec, reads, writes, params);
    const changed = finite ? writes.findIndex((x) => !allFinite(x)) : -1;
    if (changed === -1) return;
    const { data, shape } = writes[changed];
    const place = firstNonFinite(data);
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

  /** What an op that is called now is called by, and where. */
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

  /** A result of finite numbers is not finite: a fault, unless that is for a derived op or a rule around it to say. */
  #born(result: Storage, birth: Run, inner: string | null, name: string = birth.spec.name): void {
    this.#births.set(result, birth);
    for (let scope = this.#scope; scope; scope = scope.outer) if (scope.asOne()) return;
    const { called, layer, place } = this.#origin(name);
    const fault = { op: called, inner, phase: "forward", rule: null, parameter: null, layer } as const;
    throw this.#error(place, { ...fault, ...this.#element(birth) });
  }

  /** What is not finite because an operand was not has begun where that began. */
  #inherit(result: Storage, inputs: readonly Tensor[]): void {
    for (const { storage } of inputs) {
      const birth = this.#births.get(storage);
      if (birth) this.#births.set(result, birth);
    }
  }

  #element(birth: Run): Pick<NumericsFault, "index" | "value" | "shape" | "operands"> {
    const { out, shape } = birth;
    const place = firstNonFinite(out);
    const operands = operandsOf(birth, place, this.#nameOf);
    return { index: indexOf(place, shape), value: out[place], shape, operands };
  }

  #error(place: Error, found: Omit<NumericsFault, "site">): NumericsError {
    const fault = { ...found, site: callerOf(place) };
    return new NumericsError(faultMessage(fault), fault);
  }
}
