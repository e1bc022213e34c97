// Exports for the other packages of gradus. They may change in any release: programs do not import them.

export { Gradients } from "./backward.ts";
export { deriveOp } from "./derived-op.ts";
export { findNonFinite } from "./find-non-finite.ts";
export { guarded, refuseUnread } from "./guarded-inputs.ts";
export { Sha256 } from "./hash.ts";
export { type DrawHook, type Hook, hook, withHook } from "./hook.ts";
export { now, reasonOf, warn } from "./host.ts";
export type { AnyKernel, OpKernel, Stream, UpdateKernel } from "./kernel.ts";
export { defineListOp } from "./list-op.ts";
export { completeLogTable } from "./math/log-table.ts";
export { fixFields, refuseAssignments, refuseOperators } from "./misuse.ts";
export { isNamed, isNamedInputs } from "./net-input.ts";
export { type AnySpec, compute, defineOp, ids, recordOf } from "./op.ts";
export { located } from "./op-arguments.ts";
export { chain } from "./ops/arithmetic.ts";
export { deviation, soundVariance } from "./ops/deviation.ts";
export * as ops from "./ops/index.ts";
export { lanesOf } from "./ops/lanes.ts";
export { batchNormOfBatch, normalized } from "./ops/normalization.ts";
export { hearTargets, isHeard, type TargetDomain } from "./ops/target-domain.ts";
export { type LossWeight, lossWeights, withLossWeights } from "./ops/weighted-mean.ts";
export { activationName, isOwnFunction, ownFunction, ownLayer, ownMethods } from "./own-code.ts";
export { batchOffsets, type ProductSizes, productOf } from "./product.ts";
export { broadcastStrides, normalizeAxes, normalizeAxis } from "./shape.ts";
export { allocate, Storage } from "./storage.ts";
export { tensorNames } from "./tensor-names.ts";
export { callerOf } from "./trap/caller.ts";
export { type AnyUpdate, runUpdate } from "./update.ts";

/** A stream of random numbers that can go back to where it began. */
export interface Rewindable {
  rewind(): void;
}
