import {
  backward,
  createRng,
  type NamedParameter,
  type Rng,
  type Tensor,
  type UpdateSpec,
  update,
  zeros,
} from "@gradus/core";
import type { Batch } from "@gradus/data";
import { type Layer, type Mode, namedParameters } from "@gradus/nn";
import type { GradientSource } from "@gradus/optim";
import type { Loss, StepTaker } from "./callbacks.ts";
import { fast } from "./compiled.ts";

/** What a step was measured by. @internal */
export interface Measured {
  readonly output: Tensor;
  /** One number. */
  readonly loss: Tensor;
}

/** What one step computes before the weights are updated. @internal */
export interface StepResult extends Measured {
  readonly gradients: GradientSource;
}

/** The training steps of a net. @internal */
export class TrainingSteps {
  readonly #net: Layer;
  readonly #loss: Loss;
  readonly #optimizer: StepTaker;
  readonly #guard: boolean;
  /** Where layers draw from: one stream for all epochs, as a compiled step keeps to the stream it was recorded with. */
  readonly rng: Rng = createRng("layers");
  readonly #mode: Mode = { train: true, rng: this.rng };
  readonly #whole = fast("fit", (inputs: Tensor, targets: Tensor): Measured => {
    const { output, loss, gradients } = this.forwardBackward({ inputs, targets });
    if (this.#guard) refuseNonFinite(loss, gradients, namedParameters(this.#net));
    this.#optimizer.step(gradients);
    return { output, loss };
  });

  /** @param guard whether to refuse, with {@link NonFinite}, a step whose loss or gradient is not finite. */
  constructor(net: Layer, loss: Loss, optimizer: StepTaker, guard: boolean) {
    this.#net = net;
    this.#loss = loss;
    this.#optimizer = optimizer;
    this.#guard = guard;
  }

  /** Forward and backward, op by op; the caller updates the weights. */
  forwardBackward({ inputs, targets }: Batch): StepResult {
    const output = this.#net.forward(inputs, this.#mode);
    const loss = this.#loss(output, targets);
    return { output, loss, gradients: backward(loss) };
  }

  /** All of a step, the update too, compiled. @throws NonFinite before anything is changed. */
  whole({ inputs, targets }: Batch): Measured {
    return this.#whole(inputs, targets);
  }

  release(): void {
    this.#whole.release();
  }
}

/** A loss or a gradient that is NaN or infinite. @internal */
export class NonFinite extends Error {
  readonly loss: number;
  /** The first parameter whose gradient it is; undefined if it is the loss. */
  readonly parameter: string | undefined;

  constructor(loss: number, parameter: string | undefined) {
    super("not finite");
    this.loss = loss;
    this.parameter = parameter;
  }
}

/** Whether a number of x is NaN or infinite: then `found` becomes NaN, else 0. Reads [x], writes [found]. @internal */
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

/** Throws {@link NonFinite}, in a recorded step too. @internal */
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
