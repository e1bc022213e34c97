import {
  GradusError,
  type NamedParameter,
  show,
  type Tensor,
  type UpdateSpec,
  update,
  zeros,
} from "@gradus/core";
import { findNonFinite } from "@gradus/core/internal";
import type { GradientSource } from "@gradus/optim";
import type { BatchLog } from "./callbacks.ts";

/** All of {@link OnNaN}. @internal */
export const ON_NAN = ["throw", "stop", "explain", "ignore"] as const;

/** The action of `fit` at a loss or gradient that is NaN or infinite: see its option `onNaN`. */
export type OnNaN = (typeof ON_NAN)[number];

/** The loss or a gradient became NaN or infinite in training. The weights are those before that step. */
export class DivergenceError extends GradusError {
  override name = "DivergenceError";
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
  /** The loss of the batch; it is finite if only a gradient is not. */
  readonly loss: number;

  constructor(message: string, { epoch, batch, step, loss }: Omit<BatchLog, "average">) {
    super(message);
    this.epoch = epoch;
    this.batch = batch;
    this.step = step;
    this.loss = loss;
  }
}

/** Thrown by {@link refuseNonFinite}, which does not know epoch, batch and step. @internal */
export class NonFinite extends Error {
  readonly loss: number;
  /** The name of the first parameter whose gradient is not finite; undefined if the loss is not. */
  readonly parameter: string | undefined;

  constructor(loss: number, parameter: string | undefined) {
    super("not finite");
    this.loss = loss;
    this.parameter = parameter;
  }

  /** The message: reason, epoch, batch and step, and what to try. */
  describe({ epoch, batch, step }: BatchLog): string {
    const found =
      this.parameter === undefined
        ? `the loss is ${this.loss}`
        : `the gradient of ${show(this.parameter)} is not finite, at a loss of ${this.loss},`;
    return (
      `${found} in epoch ${epoch}, batch ${batch} (step ${step}); the weights are left as they were before that step. ` +
      "Try a lower learning rate or clipping, and check that the inputs are scaled; fit with " +
      'onNaN: "explain" finds the op where it began'
    );
  }
}

const refuse: UpdateSpec<readonly string[]> = {
  name: "refuseNonFinite",
  run([[loss], ...found], _, names) {
    if (!Number.isFinite(loss)) throw new NonFinite(loss, undefined);
    for (let i = 0; i < names.length; i++) {
      if (found[i][0] !== 0) throw new NonFinite(loss, names[i]);
    }
  },
};

/** Whether the gradient of a parameter is not finite. Made once, since `fit` compares the tensors of its steps. */
const flags = new WeakMap<Tensor, Tensor>();

/** Checks that the loss and the gradients of these parameters are finite; works in a compiled step. @throws NonFinite @internal */
export function refuseNonFinite(
  loss: Tensor,
  gradients: GradientSource,
  parameters: readonly NamedParameter[],
): void {
  const names: string[] = [];
  const found: Tensor[] = [];
  for (const [name, parameter] of parameters) {
    const g = gradients.get(parameter);
    if (!g) continue;
    const flag = flags.get(parameter) ?? zeros([1]);
    flags.set(parameter, flag);
    update(findNonFinite, [g], [flag], 1);
    names.push(name);
    found.push(flag);
  }
  update(refuse, [loss, ...found], [], names);
}
