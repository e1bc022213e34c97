import {
  backward,
  createRng,
  type NamedParameter,
  type Rng,
  type Tensor,
  type UpdateSpec,
  update,
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
  /** One stream for all epochs, as a compiled step keeps to the stream it was recorded with. */
  readonly #rng: Rng = createRng("layers");
  readonly #mode: Mode = { train: true, rng: this.#rng };
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

  /** From here on layers draw from this stream. */
  draw(rng: Rng): void {
    this.#rng.become(rng);
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

const guard: UpdateSpec<readonly string[]> = {
  name: "refuseNonFinite",
  run: ([[loss], ...gradients], _, names) => {
    if (!Number.isFinite(loss)) throw new NonFinite(loss, undefined);
    const found = gradients.findIndex((g) => !allFinite(g));
    if (found >= 0) throw new NonFinite(loss, names[found]);
  },
};

/** Throws {@link NonFinite}, in a recorded step too. @internal */
export function refuseNonFinite(
  loss: Tensor,
  gradients: GradientSource,
  parameters: readonly NamedParameter[],
): void {
  const found = parameters.flatMap(([name, parameter]) => {
    const g = gradients.get(parameter);
    return g ? [{ name, g }] : [];
  });
  const names = found.map(({ name }) => name);
  update(guard, [loss, ...found.map(({ g }) => g)], [], names);
}

/** Of all numbers only NaN and the infinities times 0 are not 0. Four sums, because each addition waits for the one before. */
function allFinite(g: Float64Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 4 <= g.length; i += 4) {
    a += 0 * g[i];
    b += 0 * g[i + 1];
    c += 0 * g[i + 2];
    d += 0 * g[i + 3];
  }
  for (; i < g.length; i++) a += 0 * g[i];
  return a + b + c + d === 0;
}
