import {
  GradusError,
  type NamedParameter,
  show,
  type Tensor,
  type UpdateSpec,
  update,
  zeros,
} from "@gradus/core";
import type { GradientSource } from "@gradus/optim";
import type { BatchLog } from "./callbacks.ts";

/** All of {@link OnNaN}. @internal */
export const ON_NAN = ["throw", "stop", "explain", "ignore"] as const;

/** The ways in which `fit` answers a loss or a gradient that is NaN or infinite: see its option `onNaN`. */
export type OnNaN = (typeof ON_NAN)[number];

/** Training ran into a loss or gradient that is NaN or infinite. The weights are those before that step. */
export class DivergenceError extends GradusError {
  override name = "DivergenceError";
  readonly epoch: number;
  readonly batch: number;
  readonly step: number;
  /** The loss of the batch; finite if it was a gradient that was not. */
  readonly loss: number;

  constructor(message: string, { epoch, batch, step, loss }: Omit<BatchLog, "average">) {
    super(message);
    this.epoch = epoch;
    this.batch = batch;
    this.step = step;
    this.loss = loss;
  }
}

/** Thrown by {@link refuseNonFinite}, which does not know the place in training. @internal */
export class NonFinite extends Error {
  readonly loss: number;
  /** The first parameter with such a gradient; undefined if it is the loss. */
  readonly parameter: string | undefined;

  constructor(loss: number, parameter: string | undefined) {
    super("not finite");
    this.loss = loss;
    this.parameter = parameter;
  }

  /** The reason, with the place in training, as a sentence. */
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

/**
 * Whether a number of x is NaN or infinite: then `found` becomes NaN, else 0. Reads [x], writes [found]. @internal
 */
export const findNonFinite: UpdateSpec = {
  name: "findNonFinite",
  run([x], [found]) {
    let sum = 0;
    // Of all numbers only NaN and the infinities times 0 are not 0.
    for (let i = 0; i < x.length; i++) sum += 0 * x[i];
    found[0] = sum;
  },
  kernel: () => ({ instruction: "findNonFinite", reads: ["g"], writes: ["found"] }),
};

const refuse: UpdateSpec<readonly string[]> = {
  name: "refuseNonFinite",
  run([[loss], ...found], _, names) {
    if (!Number.isFinite(loss)) throw new NonFinite(loss, undefined);
    for (let i = 0; i < names.length; i++) {
      if (found[i][0] !== 0) throw new NonFinite(loss, names[i]);
    }
  },
};

/** Looks at the loss and the gradients of these parameters, in a compiled step too. @throws NonFinite @internal */
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
    const flag = zeros([1]);
    update(findNonFinite, [g], [flag], undefined);
    names.push(name);
    found.push(flag);
  }
  update(refuse, [loss, ...found], [], names);
}
