import { noMore, ranges } from "@gradus/core";
import { Optimizer, type OptimizerOptions, type ParameterList } from "./optimizer.ts";
import { type Hyperparameters, type Preset, type Rule, rate } from "./rule.ts";

/** The hyperparameters of {@link SGD}; defaults: {@link sgdDefaults}. */
export interface SGDHyperparameters extends Hyperparameters {
  /** mu in [0, 1]: the share of the last step that is kept. */
  readonly momentum: number;
  /** In [0, 1]: the share of each gradient after the first that is not added to the buffer b. Keras has none. */
  readonly dampening: number;
  /** Whether to use Nesterov's momentum. Needs momentum > 0 and dampening 0. */
  readonly nesterov: boolean;
  /**
   * Whether the learning rate is inside the buffer b (Keras) or applied to it (PyTorch). Both agree while the rate is
   * constant; after a change, Keras' buffer still holds steps of the old rate.
   */
  readonly learningRateInMomentum: boolean;
}

/** PyTorch's and Keras 3's defaults of {@link SGD}. */
export const sgdDefaults: Readonly<Record<Preset, SGDHyperparameters>> = {
  torch: {
    learningRate: 0.001, // torch.optim.SGD of PyTorch 2; PyTorch 1 had none
    momentum: 0, // torch.optim.SGD
    dampening: 0, // torch.optim.SGD
    nesterov: false, // torch.optim.SGD
    weightDecay: 0, // torch.optim.SGD
    decoupledWeightDecay: false, // torch.optim.SGD adds it to the gradient
    learningRateInMomentum: false, // torch.optim.SGD
  },
  keras: {
    learningRate: 0.01, // keras.optimizers.SGD
    momentum: 0, // keras.optimizers.SGD
    dampening: 0, // Keras has none
    nesterov: false, // keras.optimizers.SGD
    weightDecay: 0, // keras.optimizers.SGD (None)
    decoupledWeightDecay: true, // all Keras 3 optimizers
    learningRateInMomentum: true, // keras.optimizers.SGD
  },
};

const sgd: Rule<SGDHyperparameters> = {
  name: "SGD",
  defaults: sgdDefaults,
  ranges: {
    learningRate: rate,
    momentum: ranges.unit,
    dampening: ranges.unit,
    nesterov: ranges.flag,
    weightDecay: ranges.nonNegative,
    decoupledWeightDecay: ranges.flag,
    learningRateInMomentum: ranges.flag,
  },
  conflict: ({ nesterov, momentum, dampening }) =>
    nesterov && (momentum === 0 || dampening !== 0)
      ? `nesterov needs momentum > 0 and dampening 0, got momentum ${momentum} and dampening ${dampening}`
      : undefined,
  // Two names, so that a buffer with the learning rate in it is not restored as one without.
  slots: (h) => (h.momentum === 0 ? [] : [h.learningRateInMomentum ? "velocity" : "momentum"]),
  coefficients: (h, t, learningRate) =>
    h.momentum === 0 ? [learningRate] : [learningRate, t === 1 ? 1 : 1 - h.dampening],
  update(x, g, slots, h, [learningRate, kept]) {
    const { momentum: mu, nesterov, learningRateInMomentum } = h;
    if (mu === 0) {
      for (let i = 0; i < x.length; i++) x[i] -= learningRate * g[i];
      return;
    }
    const b = learningRateInMomentum ? slots.velocity : slots.momentum;
    const inside = learningRateInMomentum ? learningRate : 1;
    const outside = learningRateInMomentum ? 1 : learningRate;
    for (let i = 0; i < x.length; i++) {
      const step = inside * g[i];
      const bi = mu * b[i] + kept * step;
      b[i] = bi;
      x[i] -= outside * (nesterov ? step + mu * bi : bi);
    }
  },
  kernel: (h) =>
    h.momentum === 0
      ? { instruction: "sgd" }
      : {
          instruction: "sgdMomentum",
          slots: ["b"],
          numbers: [h.momentum, Number(h.nesterov), Number(h.learningRateInMomentum)],
        },
};

/**
 * Stochastic gradient descent. Without momentum: x ← x − lr·g.
 *
 * With momentum mu (Polyak 1964), in PyTorch's form:
 *
 *     b ← mu·b + (1 − dampening)·g      (first step: b ← g)
 *     x ← x − lr·b                      (nesterov: x ← x − lr·(g + mu·b))
 *
 * and with `learningRateInMomentum`, Keras' form (its v is our −b; Sutskever et al. 2013, equations 1 and 2):
 *
 *     b ← mu·b + (1 − dampening)·lr·g   (first step: b ← lr·g)
 *     x ← x − b                         (nesterov: x ← x − (lr·g + mu·b))
 *
 * Nesterov's variant is Sutskever et al. 2013, equations 3 and 4, in terms of the point θ + μv.
 *
 * Defaults: {@link sgdDefaults} of the preset (default `"torch"`).
 *
 * @example
 * const sgd = new SGD(namedParameters(net), { learningRate: 0.1, momentum: 0.9, nesterov: true });
 * sgd.step(backward(loss));
 */
export class SGD extends Optimizer<SGDHyperparameters> {
  /** @throws ArgumentError for wrong parameters or options. */
  constructor(
    parameters: ParameterList<SGDHyperparameters>,
    options: SGDOptions = {},
    ...extra: readonly undefined[]
  ) {
    noMore("SGD", "parameters, options", extra);
    super(sgd, parameters, options);
  }
}

/** Options of {@link SGD}: its hyperparameters, `preset` and `clip`. */
export type SGDOptions = OptimizerOptions<SGDHyperparameters>;
