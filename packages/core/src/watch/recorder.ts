import { ArgumentError } from "../errors.ts";
import type { Hook, Named } from "../hook.ts";
import { type AnySpec, compute } from "../op.ts";
import type { Shape } from "../shape.ts";
import { Storage } from "../storage.ts";
import { type OpRecord, Tensor } from "../tensor.ts";
import { here } from "../trap/caller.ts";
import { type AnyUpdate, runUpdate } from "../update.ts";
import { kindOf, type Limits, setSite } from "./entries.ts";
import { copyOf, isCopy, paramsOf } from "./numbers.ts";
import type { OpEvent, TraceData, WatchEvent, WatchedTensor } from "./trace.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type EventOf<K extends WatchEvent["kind"]> = Extract<WatchEvent, { kind: K }>;

/** The hook that notes events. It runs ops by the hook that was on before, or by their loops. */
export class Recorder implements Hook {
  readonly #events: Writable<WatchEvent>[] = [];
  readonly #tensors: Writable<WatchedTensor>[] = [];
  readonly #limits: Limits;
  readonly #outer: Hook | null;
  #scope: number | null = null;
  #layer: string | null = null;
  /** The entries of each storage, the latest last. */
  readonly #seen = new WeakMap<Storage, number[]>();
  readonly #names = new WeakMap<Storage, string>();
  /** The event that made a result. */
  readonly #makers = new WeakMap<Storage, OpEvent>();
  /** The error that ended the recording, also if the watched function caught it. */
  failed: ArgumentError | null = null;

  constructor(limits: Limits, outer: Hook | null) {
    this.#limits = limits;
    this.#outer = outer;
  }

  name(x: Tensor, name: string): void {
    this.#names.set(x.storage, name);
    for (const id of this.#seen.get(x.storage) ?? []) this.#tensors[id].name = name;
  }

  /** Names a tensor that has no name. */
  nameOnce(x: Tensor, name: string): void {
    if (!this.#names.has(x.storage)) this.name(x, name);
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

  /** Called before each op, derived op and rule, and after each update with what it wrote. */
  protected next(_updated: readonly Tensor[] | null): void {}

  op(spec: AnySpec, inputs: readonly Tensor[], shape: Shape, params: unknown): Storage {
    this.next(null);
    const ids = inputs.map((x) => this.#idOf(x));
    const site = this.#place();
    const out =
      this.#outer?.op(spec, inputs, shape, params) ?? new Storage(compute(spec, inputs, shape, params));
    const event = this.#open(
      {
        kind: "op",
        op: spec.name,
        formula: spec.formula ?? null,
        inputs: ids,
        out: this.#add(out, shape, "result"),
        params: paramsOf(params, spec.defaults as Record<string, unknown>),
        site: null,
      },
      site,
    );
    this.#makers.set(out, event);
    return out;
  }

  within<T>(spec: Named, inputs: readonly Tensor[], run: () => T, params: unknown): T {
    this.next(null);
    const event = this.#open(
      {
        kind: "derived",
        name: spec.name,
        formula: spec.formula ?? null,
        inputs: inputs.map((x) => this.#idOf(x)),
        outs: [],
        params: paramsOf(params, spec.defaults as Record<string, unknown> | undefined),
        site: null,
      },
      this.#place(),
    );
    const result = this.#inside(event.id, () =>
      this.#outer ? this.#outer.within(spec, inputs, run, params) : run(),
    );
    event.outs = [result].flat().flatMap((x) => (x instanceof Tensor ? this.#idOf(x) : []));
    return result;
  }

  rule(out: Tensor, index: number, g: Tensor, run: () => Tensor, before?: Tensor): Tensor {
    this.next(null);
    const { op, inputs } = out.record as OpRecord;
    const found = this.#makers.get(out.storage);
    const maker = found && this.#events[found.id] === found ? found : null; // it may have been taken back
    return this.layer(maker?.layer ?? this.#layer, () => {
      const event = this.#open({
        kind: "rule",
        of: maker?.id ?? null,
        op: op.name,
        input: index,
        x: maker?.inputs[index] ?? this.#idOf(inputs[index]),
        out: maker?.out ?? this.#idOf(out),
        g: this.#idOf(g),
        gives: -1,
        before: before ? this.#idOf(before) : null,
        sum: -1,
      });
      const result = this.#inside(event.id, () => this.#outer?.rule?.(out, index, g, run, before) ?? run());
      event.sum = this.#idOf(result);
      event.gives = before ? this.#addedTo(event.id) : event.sum;
      return result;
    });
  }

  update(spec: AnyUpdate, reads: readonly Tensor[], writes: readonly Tensor[], params: unknown): void {
    const [from, before] = [reads, writes].map((list) => list.map((x) => this.#idOf(x)));
    const site = this.#place();
    if (this.#outer) this.#outer.update(spec, reads, writes, params);
    else runUpdate(spec, reads, writes, params);
    this.next(writes);
    const call = this.#events.length;
    writes.forEach((x, i) => {
      this.#open(
        {
          kind: "update",
          name: spec.name,
          reads: from,
          parameter: (this.#seen.get(x.storage) as number[])[0],
          before: before[i],
          after: this.#after(x),
          call,
          site: null,
        },
        site,
      );
    });
  }

  /** The data so far. */
  data(): TraceData {
    return { events: this.#events, tensors: this.#tensors };
  }

  /** Appends an event. @throws ArgumentError over the limit. */
  #open<K extends WatchEvent["kind"]>(
    fields: Omit<EventOf<K>, "id" | "within" | "layer"> & { readonly kind: K },
    place: Error | null = null,
  ): Writable<EventOf<K>> {
    const id = this.#events.length;
    if (id >= this.#limits.events) throw this.#tooMany();
    const event = { id, ...fields, within: this.#scope, layer: this.#layer } as unknown as EventOf<K>;
    this.#events.push(event);
    if (place) setSite(event, place, this.#limits.skips);
    return event;
  }

  #tooMany(): ArgumentError {
    const { events } = this.#limits;
    const error = new ArgumentError(
      `watch: there are more than ${events} events; watch a smaller part, such as one step, or set { events: ${2 * events} }`,
    );
    Object.assign(error, { namesOp: true });
    this.failed = error;
    return error;
  }

  /** Runs a part of an event. If it throws, the event and its parts are taken back: it gave no result. */
  #inside<T>(id: number, run: () => T): T {
    const outer = this.#scope;
    this.#scope = id;
    try {
      return run();
    } catch (error) {
      this.#events.length = id;
      throw error;
    } finally {
      this.#scope = outer;
    }
  }

  /** The trace of an event that a user's line caused: not for parts of others. */
  #place(): Error | null {
    return this.#scope === null ? here() : null;
  }

  /** The last op in a rule adds what the rule gave to the gradient so far: its second input. */
  #addedTo(rule: number): number {
    const sum = this.#events.findLast(({ kind, within }) => kind === "op" && within === rule) as OpEvent;
    return sum.inputs[1];
  }

  /** The entry of a tensor with its current numbers. */
  #idOf(x: Tensor): number {
    const seen = this.#seen.get(x.storage);
    if (!seen) return this.#add(x.storage, x.shape, kindOf(x));
    const before = seen[seen.length - 1];
    // A constant may be marked with variable(x) later, which shares its numbers.
    if (x.tracked && !x.record && this.#tensors[before].kind === "constant") {
      for (const id of seen) this.#tensors[id].kind = kindOf(x);
    }
    const after = this.#after(x);
    if (after === before) return after;
    this.#open({
      kind: "update",
      name: "assign",
      reads: [],
      parameter: seen[0],
      before,
      after,
      call: this.#events.length,
      site: null,
    });
    return after;
  }

  /** The entry of a tensor that may have changed: a new one if its numbers did. */
  #after({ storage, shape }: Tensor): number {
    const latest = this.#tensors[(this.#seen.get(storage) as number[]).at(-1) as number];
    return isCopy(latest, storage.data) ? latest.id : this.#add(storage, shape, latest.kind);
  }

  #add(storage: Storage, shape: Shape, kind: WatchedTensor["kind"]): number {
    const id = this.#tensors.length;
    const { numbers, summary } = copyOf(storage.data, this.#limits.numbers);
    this.#tensors.push({ id, shape, numbers, summary, name: this.#names.get(storage) ?? null, kind });
    const seen = this.#seen.get(storage);
    if (seen) seen.push(id);
    else this.#seen.set(storage, [id]);
    return id;
  }
}
