import { ArgumentError } from "@gradus/core";
import type { Storage } from "@gradus/core/internal";
import { hasSameNumbers } from "../wasm/lower.ts";
import type { Operand, Step } from "./trace.ts";
import { UnknownStorage } from "./unknown-storage.ts";

/** Numbers that a plan needs during some of its steps: a buffer of its own, or a tensor from outside. */
export interface Life {
  readonly size: number;
  /** Its place among the buffers; -1 for a tensor from outside. */
  readonly index: number;
  /** The tensor from outside; null for a buffer. */
  readonly captured: Storage | null;
  /** The step that writes a buffer; -1 for an argument of the compiled function. */
  readonly first: number;
  /** The last step that needs it; the number of steps for a result. */
  last: number;
}

/** The lives of all numbers in a list of steps. */
export interface Lives {
  /** The buffers, in the order of their first steps. */
  readonly buffers: readonly Life[];
  /** The tensors from outside. */
  readonly captured: readonly Storage[];
  /** Those of them that updates change. */
  readonly changed: readonly Storage[];
  /** The life that an operand belongs to. */
  of(operand: Operand): Life;
  /** Whether the result of a step is its input under another shape, so that there is nothing to do. */
  isAlias(step: Step): boolean;
}

/**
 * Finds out which numbers there are, and during which steps they are needed.
 *
 * @throws ArgumentError for a tensor of another trace.
 */
export function livesOf(
  steps: readonly Step[],
  args: readonly Operand[],
  results: readonly Operand[],
): Lives {
  const byStorage = new Map<Storage, Life>();
  const aliases = new Set<Step>();
  const buffers: Life[] = [];
  const captured: Storage[] = [];
  const begin = (storage: Storage, first: number): void => {
    const life = { size: storage.size, index: buffers.length, captured: null, first, last: first };
    byStorage.set(storage, life);
    buffers.push(life);
  };
  const find = ({ storage }: Operand): Life => {
    const known = byStorage.get(storage);
    if (known) return known;
    if (storage instanceof UnknownStorage) {
      throw new ArgumentError(
        "compile: the function uses a tensor that was computed while another function, or an earlier call, was traced",
      );
    }
    const life = { size: storage.size, index: -1, captured: storage, first: -1, last: -1 };
    byStorage.set(storage, life);
    captured.push(storage);
    return life;
  };
  const updated = steps.flatMap((step) => (step.kind === "update" ? step.writes : []));
  const updatedStorages = new Set(updated.map(({ storage }) => storage));
  for (const { storage } of args) begin(storage, -1);
  steps.forEach((step, i) => {
    for (const operand of step.reads) find(operand).last = i;
    if (step.kind === "update") for (const operand of step.writes) find(operand).last = i;
    else if (isAlias(step, updatedStorages)) {
      aliases.add(step);
      byStorage.set(step.writes[0].storage, find(step.reads[0]));
    } else begin(step.writes[0].storage, i);
  });
  for (const result of results) find(result).last = steps.length;
  return {
    buffers,
    captured,
    changed: [...new Set(updated.flatMap((operand) => find(operand).captured ?? []))],
    of: find,
    isAlias: (step) => aliases.has(step),
  };
}

/** The same numbers under another shape need no copy, unless updates change them at some time. */
function isAlias(step: Step, updated: ReadonlySet<Storage>): boolean {
  if (step.kind !== "op" || step.spec.kernel?.layout !== "sameNumbers") return false;
  const shapes = step.reads.map(({ shape }) => shape);
  return hasSameNumbers(shapes, step.writes[0].shape) && !updated.has(step.reads[0].storage);
}
