import { checks } from "./checks.ts";
import type { UpdateKernel } from "./kernel.ts";
import { active } from "./op.ts";
import type { Tensor } from "./tensor.ts";

/** A computation that changes tensors in place instead of making a new one: a step of an optimizer. */
export interface UpdateSpec<P = void> {
  readonly name: string;
  /** The loop. It may read `writes` before it overwrites them. If it throws, it must not have written. */
  run(reads: readonly Float64Array[], writes: readonly Float64Array[], params: P): void;
  /** The instruction of an engine that gives the same bits as `run`; null, the default: engines call `run`. */
  kernel?(params: P): UpdateKernel | null;
}

// biome-ignore lint/suspicious/noExplicitAny: the update itself knows its params
export type AnyUpdate = UpdateSpec<any>;

/**
 * Changes the tensors `writes` in place from the numbers of `reads`, and counts the change. `compile` notes updates like
 * ops and repeats them in every call; unlike an op an update has no result and no gradient.
 *
 * @example
 * const descend: UpdateSpec = { name: "descend", run: ([g], [x]) => { for (let i = 0; i < x.length; i++) x[i] -= 0.1 * g[i]; } };
 * update(descend, [gradients.of(weight)], [weight]);
 */
export function update<P>(
  spec: UpdateSpec<P>,
  reads: readonly Tensor[],
  writes: readonly Tensor[],
  params: P,
): void {
  checks.update?.(spec, reads, writes);
  if (active.hook) active.hook.update(spec, reads, writes, params);
  else runUpdate(spec, reads, writes, params);
}

/** Runs an update at once. */
export function runUpdate<P>(
  spec: Pick<UpdateSpec<P>, "run">,
  reads: readonly Tensor[],
  writes: readonly Tensor[],
  params: P,
): void {
  spec.run(
    reads.map((x) => x.data),
    writes.map((x) => x.data),
    params,
  );
  for (const x of writes) x.markChanged();
}
