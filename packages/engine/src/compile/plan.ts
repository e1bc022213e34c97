import { type Shape, sizeOf, Tensor } from "@gradus/core";
import type { Storage } from "@gradus/core/internal";
import type { WasmEngine } from "../wasm/engine.ts";
import type { Program } from "../wasm/instruction.ts";
import { bind, type View, type Way, wayOf } from "./bind.ts";
import { layOut } from "./buffers.ts";
import { copyOf, type MemoryCopy } from "./memory-copy.ts";
import { OutOfRoom } from "./out-of-room.ts";
import { describePlan } from "./plan-table.ts";
import { type Operand, prune, type Step, stepName, type Tape } from "./tape.ts";
import { type Value, Values } from "./values.ts";

declare const performance: { now(): number };

/** How long a step took. */
export interface StepTime {
  readonly name: string;
  /** By instructions of the engine, or by a loop in TypeScript. */
  readonly by: Way["by"];
  readonly ms: number;
}

/** What was recorded of one call of a function. */
export interface Recording {
  readonly tape: Tape;
  readonly args: readonly Operand[];
  readonly results: readonly Operand[];
}

/**
 * A recorded computation, ready to run again and again without allocating: every intermediate result has its place in
 * one block of memory, shared with others that are never needed at the same time.
 */
export class Plan {
  readonly steps: readonly Step[];
  readonly ways: readonly Way[];
  readonly values: Values;
  /** The place of every buffer in the block, in numbers. */
  readonly offsets: ReadonlyMap<Value, number>;
  /** Numbers in the block: the peak of what is needed at the same time, and gaps. */
  readonly total: number;
  readonly #captured: readonly Storage[];
  /** The tensors that its updates change. */
  readonly #changed: readonly Storage[];
  /** The copies of both in the engine's memory, if there is an engine. */
  readonly #copies: readonly MemoryCopy[];
  readonly #changedCopies: readonly MemoryCopy[];
  readonly #streams: Tape["streams"];
  readonly #inputs: readonly Float64Array[];
  readonly #outputs: readonly { readonly view: Float64Array; readonly shape: Shape }[];
  readonly #view: View;
  readonly #run: readonly (() => void)[];
  readonly #programs: readonly Program[];
  readonly #engine: WasmEngine | undefined;
  readonly #block: Float64Array;
  #released = false;

  constructor({ tape, args, results }: Recording, engine: WasmEngine | undefined) {
    const steps = prune(
      tape.steps,
      results.map(({ storage }) => storage),
    );
    const values = new Values(
      steps,
      args.map(({ storage }) => storage),
      results.map(({ storage }) => storage),
    );
    const ways = steps.map((step): Way => (values.isView(step) ? { by: "view" } : wayOf(step, engine)));
    const buffers = values.all.filter(({ captured }) => captured === null);
    const { offsets, total } = layOut(
      buffers.map((value) => ({ ...value, heirTo: heirs(value, steps, ways, values, buffers) })),
    );
    const block = engine ? engine.allocate(total) : new Float64Array(total);
    if (block === null) throw new OutOfRoom();
    const places = new Map(buffers.map((value, i) => [value, offsets[i]]));
    const view = (operand: Pick<Operand, "storage">): Float64Array => {
      const value = values.of(operand);
      if (value.captured) return engine ? copyOf(value.captured, engine).block : value.captured.data;
      const at = places.get(value) as number;
      return block.subarray(at, at + value.size);
    };
    this.steps = steps;
    this.ways = ways;
    this.values = values;
    this.offsets = places;
    this.total = total;
    this.#engine = engine;
    this.#block = block;
    this.#streams = tape.streams;
    this.#captured = values.all.flatMap(({ captured }) => captured ?? []);
    this.#changed = changedFromOutside(steps, values);
    this.#copies = engine ? this.#captured.map((storage) => copyOf(storage, engine)) : [];
    this.#changedCopies = engine ? this.#changed.map((storage) => copyOf(storage, engine)) : [];
    this.#inputs = args.map(view);
    this.#outputs = results.map((result) => ({ view: view(result), shape: result.shape }));
    this.#view = view;
    const { run, programs } = bind(steps, ways, view, engine);
    this.#run = run;
    this.#programs = programs;
  }

  /** Computes everything for new arguments. @returns the results, for the caller to keep. */
  run(args: readonly Tensor[]): Tensor[] {
    return this.#replay(args, this.#run);
  }

  /** Does the same step by step, and says how many milliseconds each took. */
  profile(args: readonly Tensor[]): StepTime[] {
    const times: StepTime[] = [];
    const { run, programs } = bind(this.steps, this.ways, this.#view, this.#engine, (part, i) => () => {
      const start = performance.now();
      part();
      times.push({ name: stepName(this.steps[i]), by: this.ways[i].by, ms: performance.now() - start });
    });
    try {
      this.#replay(args, run);
    } finally {
      for (const program of programs) program.release();
    }
    return times;
  }

  #replay(args: readonly Tensor[], parts: readonly (() => void)[]): Tensor[] {
    const { length } = this.#inputs;
    for (let i = 0; i < length; i++) copy(this.#inputs[i], args[i].data);
    if (this.#engine) for (const copy of this.#copies) copy.pull();
    else for (const storage of this.#captured) storage.data; // a newer copy from before is copied back
    for (const stream of this.#streams) stream.rewind();
    try {
      for (const part of parts) part();
    } finally {
      if (this.#engine) for (const copy of this.#changedCopies) copy.changed();
      else for (const storage of this.#changed) storage.version++;
    }
    return this.#outputs.map(
      ({ view, shape }) => new Tensor(copy(new Float64Array(view.length), view), shape),
    );
  }

  /** Gives its memory back; it cannot run any more. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    for (const program of this.#programs) program.release();
    this.#engine?.release(this.#block);
  }

  /** A table of the steps and their buffers, and the memory they take. */
  describe(): string {
    return describePlan(this);
  }
}

/** For a few numbers a loop is faster than `set`. */
const FEW = 64;

function copy(target: Float64Array, source: Float64Array): Float64Array {
  if (source.length > FEW) target.set(source);
  else for (let i = 0; i < source.length; i++) target[i] = source[i];
  return target;
}

/** The buffers whose place the result of a step may take. */
function heirs(
  value: Value,
  steps: readonly Step[],
  ways: readonly Way[],
  values: Values,
  buffers: readonly Value[],
): number[] {
  if (value.first < 0) return [];
  const [step, way] = [steps[value.first], ways[value.first]];
  if (step.kind !== "op" || way.by !== "engine" || !way.inPlace) return [];
  return step.inputs.flatMap((input) => {
    const index = buffers.indexOf(values.of(input));
    return index >= 0 && sizeOf(input.shape) === value.size ? [index] : [];
  });
}

function changedFromOutside(steps: readonly Step[], values: Values): Storage[] {
  const changed = new Set<Storage>();
  for (const step of steps) {
    if (step.kind !== "update") continue;
    for (const operand of step.writes) {
      const { captured } = values.of(operand);
      if (captured) changed.add(captured);
    }
  }
  return [...changed];
}
