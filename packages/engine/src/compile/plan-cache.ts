import type { Shape, Tensor } from "@gradus/core";
import type { WasmEngine } from "../wasm/engine.ts";
import { whenGone } from "../when-gone.ts";
import type { Plan } from "./plan.ts";
import { PlanMemory } from "./plan-memory.ts";

/** A function keeps the plans of so many combinations of shapes … */
const MOST_PLANS = 64;
/** … that have at most so many steps together: each takes about 3 KB … */
const MOST_STEPS = 20_000;
/** … and constants of so many bytes, such as a mask of the size of the batch … */
const MOST_BYTES = 32 * 1024 * 1024;
/** … but always so many plans: there is often a full batch and a smaller last one, in training and in evaluation. */
const LEAST_PLANS = 4;

/** An entry of {@link PlanCache}. */
interface Cached {
  readonly plan: Plan;
}

/** The plans of one compiled function, by the shapes of its arguments. The least recently used ones go first. */
export class PlanCache<Entry extends Cached> {
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  readonly #owner: object;
  #memory: PlanMemory | null = null;
  /** The entry used last and the arguments it was made for: most calls are like the one before. */
  #last: { readonly entry: Entry; readonly args: readonly Like[] } | null = null;
  #withdraw = (): void => {};

  /** @param owner the function: once it is gone, the memory is given back. */
  constructor(owner: object) {
    this.#owner = owner;
  }

  /** Whether one of the plans is running now. */
  get busy(): boolean {
    return this.#memory?.busy ?? false;
  }

  /** The entry for arguments of these shapes, if it was made for this engine. */
  find(args: readonly Tensor[], engine: WasmEngine | undefined): Entry | undefined {
    if (this.#memory?.workspace.engine !== engine) return;
    if (this.#last && !this.#last.entry.plan.released && alike(this.#last.args, args))
      return this.#last.entry;
    const key = keyOf(args);
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    if (entry.plan.released) return; // another function needed its memory
    this.#entries.set(key, entry);
    this.#remember(args, entry);
    return entry;
  }

  /** The memory for plans on this engine; plans on another one go. */
  memory(engine: WasmEngine | undefined): PlanMemory {
    if (this.#memory && this.#memory.workspace.engine !== engine) this.release();
    this.#memory ??= new PlanMemory(engine);
    return this.#memory;
  }

  /** Adds an entry as the one used last, in place of the one for arguments of these shapes. */
  add(args: readonly Tensor[], entry: Entry): void {
    const key = keyOf(args);
    const memory = this.#memory as PlanMemory;
    if (this.#entries.size === 0) {
      this.#withdraw();
      this.#withdraw = whenGone(this.#owner, () => memory.release());
    }
    this.#drop(key);
    this.#entries.set(key, entry);
    this.#remember(args, entry);
    let steps = 0;
    let bytes = 0;
    for (const { plan } of this.#entries.values()) {
      steps += plan.size;
      bytes += plan.bytes;
    }
    for (const [oldest, { plan }] of this.#entries) {
      const { size } = this.#entries;
      if (size <= LEAST_PLANS) break;
      if (size <= MOST_PLANS && steps <= MOST_STEPS && bytes <= MOST_BYTES) break;
      steps -= plan.size;
      bytes -= plan.bytes;
      this.#drop(oldest);
    }
  }

  /** Gives all memory back. */
  release(): void {
    this.#withdraw();
    this.#memory?.release();
    this.#memory = null;
    this.#last = null;
    this.#entries.clear();
  }

  #remember(args: readonly Tensor[], entry: Entry): void {
    this.#last = { entry, args: args.map(({ shape, tracked }) => ({ shape, tracked })) };
  }

  #drop(key: string): void {
    const plan = this.#entries.get(key)?.plan;
    if (!plan) return;
    this.#entries.delete(key);
    this.#memory?.drop(plan);
  }
}

/** What of an argument decides about its plan. */
type Like = Pick<Tensor, "shape" | "tracked">;

function alike(a: readonly Like[], b: readonly Like[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i].tracked !== b[i].tracked || !sameSizes(a[i].shape, b[i].shape)) return false;
  }
  return true;
}

/** `sameShape` of core as a loop: `every` is slow for frozen arrays, as shapes are. */
function sameSizes(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** A text that is the same for arguments of the same shapes of which the same are tracked. */
function keyOf(args: readonly Tensor[]): string {
  let key = "";
  for (const { shape, tracked } of args) key += `${shape.join()}${tracked ? "t" : ""};`;
  return key;
}
