import { noMore, ranges } from "@gradus/core";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { type Hyperparameters, type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of {@link Adadelta}; defaults: {@link adadeltaDefaults}. */
export interface AdadeltaHyperparameters extends Hyperparameters {
  /** In [0, 1): the decay of both running averages. */
  readonly rho: number;
  /** > 0: prevents division by 0, and lets the first step begin. */
  readonly epsilon: number;
}

/** PyTorch's and Keras 3's defaults of {@link Adadelta}. */
export const adadeltaDefaults: Readonly<Record<Preset, AdadeltaHyperparameters>> = {
  torch: {
    learningRate: 1, // torch.optim.Adadelta; the paper has none, which is 1
    rho: 0.9, // torch.optim.Adadelta
    epsilon: 1e-6, // torch.optim.Adadelta; also Zeiler 2012, section 4
    weightDecay: 0, // torch.optim.Adadelta
    decoupledWeightDecay: false, // torch.optim.Adadelta adds it to the gradient
  },
  keras: {
    learningRate: 0.001, // keras.optimizers.Adadelta
    rho: 0.95, // keras.optimizers.Adadelta; also Zeiler 2012, section 4
    epsilon: 1e-7, // keras.optimizers.Adadelta
    weightDecay: 0, // keras.optimizers.Adadelta (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
  },
};

const adadelta: Rule<AdadeltaHyperparameters> = {
  name: "Adadelta",
  defaults: adadeltaDefaults,
  ranges: {
    learningRate: rate,
    rho: ranges.fraction,
    epsilon: ranges.positive,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
  },
  squares: true,
  slots: () => ["v", "u"],
  update(x, g, { v, u }, { rho, epsilon }, [learningRate]) {
    for (let i = 0; i < x.length; i++) {
      const gi = g[i];
      const vi = rho * v[i] + (1 - rho) * gi * gi;
      const step = (Math.sqrt(u[i] + epsilon) / Math.sqrt(vi + epsilon)) * gi;
      v[i] = vi;
      u[i] = rho * u[i] + (1 - rho) * step * step;
      x[i] -= learningRate * step;
    }
  },
};

/**
 * Adadelta: steps as large as the recent ones were, in the units of the parameter (Zeiler 2012, ADADELTA: An Adaptive
 * Learning Rate Method, Algorithm 1).
 *
 *     v ← rho·v + (1 − rho)·g²
 *     d = g·√(u + epsilon) / √(v + epsilon)
 *     u ← rho·u + (1 − rho)·d²
 *     x ← x − lr·d
 *
 * Defaults: {@link adadeltaDefaults} of the preset (default `"torch"`). With Keras' learning rate of 0.001 it hardly moves:
 * Keras' documentation says to pass 1 for the paper's form.
 *
 * @example
 * const adadelta = new Adadelta(namedParameters(net));
 * adadelta.step(backward(loss));
 */
export class Adadelta extends Optimizer<AdadeltaHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<AdadeltaHyperparameters>,
    options: AdadeltaOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("Adadelta", "parameters, options", extra);
    super(adadelta, parameters, options);
  }
}

/** Options of {@link Adadelta}: its hyperparameters, `preset` and `clip`. */
export type AdadeltaOptions = OptimizerOptions<AdadeltaHyperparameters>;
