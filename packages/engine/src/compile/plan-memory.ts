import { GradusError } from "@gradus/core";
import type { WasmEngine } from "../wasm/engine.ts";
import { Workspace } from "./workspace.ts";

/** Something that holds memory until it is released. */
interface Holder {
  release(): void;
}

/** Counts the runs of all compiled functions, to know which function was used last. */
let runs = 0;

/** The memory of one compiled function: the workspace of its plans, and the plans. */
export class PlanMemory {
  readonly workspace: Workspace;
  /** For plans that find no room in the engine's memory. */
  readonly loops: Workspace = new Workspace(undefined);
  /** When it was used last, as a count of runs. */
  lastUse = 0;
  /** Whether it is in use now, so that it must stay. */
  busy = false;
  readonly #plans = new Set<Holder>();
  /** What was to be released while it was in use. */
  readonly #waiting: Holder[] = [];

  constructor(engine: WasmEngine | undefined) {
    this.workspace = new Workspace(engine);
  }

  /** Runs or makes a plan. Releases meanwhile wait for its end. */
  use<T>(run: () => T): T {
    this.begin();
    try {
      return run();
    } finally {
      this.end();
    }
  }

  /** Begins a use; {@link PlanMemory.use} without the closure, for calls of a microsecond. */
  begin(): void {
    if (this.busy) throw new GradusError("compile: a function cannot be described or profiled while it runs");
    this.busy = true;
    this.lastUse = ++runs;
  }

  end(): void {
    this.busy = false;
    if (this.#waiting.length > 0) for (const holder of this.#waiting.splice(0)) holder.release();
  }

  add(plan: Holder): void {
    this.#plans.add(plan);
    this.workspace.engine?.holders.add(this);
  }

  /** Releases one plan. */
  drop(plan: Holder): void {
    this.#plans.delete(plan);
    if (this.busy) this.#waiting.push(plan);
    else plan.release();
  }

  /** Releases all plans and the workspace. It can be used again. */
  release(): void {
    if (this.busy) {
      this.#waiting.push(this);
      return;
    }
    for (const plan of this.#plans) plan.release();
    this.#plans.clear();
    this.workspace.release();
    this.loops.release();
    this.workspace.engine?.holders.delete(this);
  }
}
