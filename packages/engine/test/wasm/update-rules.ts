// The plain loops are written out here once more, because core must not depend on packages/optim. That the whole
// optimizers agree is tested there.

type Arrays = readonly Float64Array[];

/** One update: x, its gradient and its slots, and the numbers of the step. Changes x and the slots. */
export interface Rule {
  readonly name: string;
  readonly instruction: string;
  readonly slots: readonly string[];
  readonly numbers: readonly number[];
  step(t: number): number[];
  plain(x: Float64Array, g: Float64Array, slots: Arrays, step: readonly number[]): void;
}

const { max, sqrt } = Math;

export const sgd: Rule = {
  name: "sgd",
  instruction: "sgd",
  slots: [],
  numbers: [],
  step: (t) => [0.1 / t],
  plain(x, g, _, [lr]) {
    for (let i = 0; i < x.length; i++) x[i] -= lr * g[i];
  },
};

function sgdMomentum(mu: number, nesterov: boolean, inMomentum: boolean): Rule {
  return {
    name: `sgd with momentum ${mu}${nesterov ? ", nesterov" : ""}${inMomentum ? ", rate in momentum" : ""}`,
    instruction: "sgdMomentum",
    slots: ["b"],
    numbers: [mu, Number(nesterov), Number(inMomentum)],
    step: (t) => [0.1 / t, t === 1 ? 1 : 0.7],
    plain(x, g, [b], [lr, kept]) {
      for (let i = 0; i < x.length; i++) {
        const step = (inMomentum ? lr : 1) * g[i];
        b[i] = mu * b[i] + kept * step;
        x[i] -= (inMomentum ? 1 : lr) * (nesterov ? step + mu * b[i] : b[i]);
      }
    },
  };
}

function rmsprop(rho: number, under: number, beside: number): Rule {
  return {
    name: `rmsprop ${rho}, ${under}, ${beside}`,
    instruction: "rmsprop",
    slots: ["v"],
    numbers: [rho, under, beside],
    step: (t) => [0.01 / t],
    plain(x, g, [v], [lr]) {
      for (let i = 0; i < x.length; i++) {
        v[i] = rho * v[i] + (1 - rho) * g[i] * g[i];
        x[i] -= (lr * g[i]) / (sqrt(v[i] + under) + beside);
      }
    },
  };
}

export function rmspropMomentum(rho: number, centered: boolean, mu: number, inMomentum: boolean): Rule {
  const [under, beside] = inMomentum ? [1e-7, 0] : [0, 1e-8];
  return {
    name: `rmsprop ${rho}${centered ? ", centered" : ""}, momentum ${mu}${inMomentum ? ", rate in momentum" : ""}`,
    instruction: "rmspropMomentum",
    slots: ["v", ...(centered ? ["a"] : []), ...(mu !== 0 ? ["b"] : [])],
    numbers: [rho, under, beside, mu, Number(inMomentum)],
    step: (t) => [0.01 / t],
    plain(x, g, [v, ...others], [lr]) {
      const a = others[0];
      const b = others[others.length - 1];
      for (let i = 0; i < x.length; i++) {
        v[i] = rho * v[i] + (1 - rho) * g[i] * g[i];
        let variance = v[i];
        if (centered) {
          a[i] = rho * a[i] + (1 - rho) * g[i];
          variance = max(0, variance - a[i] * a[i]);
        }
        let step = ((inMomentum ? lr : 1) * g[i]) / (sqrt(variance + under) + beside);
        if (mu !== 0) {
          step += mu * b[i];
          b[i] = step;
        }
        x[i] -= (inMomentum ? 1 : lr) * step;
      }
    },
  };
}

function adam(beta1: number, beta2: number, amsgrad: boolean): Rule {
  return {
    name: `${amsgrad ? "amsgrad" : "adam"} ${beta1}, ${beta2}`,
    instruction: amsgrad ? "amsgrad" : "adam",
    slots: amsgrad ? ["m", "v", "largest"] : ["m", "v"],
    numbers: [beta1, beta2],
    step: (t) => [0.01 / t, 1e-8 * t],
    plain(x, g, [m, v, largest], [lr, epsilon]) {
      for (let i = 0; i < x.length; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        if (amsgrad) largest[i] = max(largest[i], v[i]);
        x[i] -= (lr * m[i]) / (sqrt(amsgrad ? largest[i] : v[i]) + epsilon);
      }
    },
  };
}

/** The loop of shrink is an update without a gradient. */
export const shrink: Rule = {
  name: "shrink",
  instruction: "shrink",
  slots: [],
  numbers: [0.07],
  step: (t) => [0.3 / t],
  plain(x, _, __, [lr]) {
    const part = lr * 0.07;
    for (let i = 0; i < x.length; i++) x[i] -= part * x[i];
  },
};

export const both = [false, true];

export const rules: readonly Rule[] = [
  sgd,
  ...both.flatMap((nesterov) => both.map((inMomentum) => sgdMomentum(0.9, nesterov, inMomentum))),
  sgdMomentum(1, false, false),
  rmsprop(0.99, 0, 1e-8),
  rmsprop(0.9, 1e-7, 0),
  ...both.flatMap((centered) =>
    both.flatMap((inMomentum) => [0, 0.9].map((mu) => rmspropMomentum(0.9, centered, mu, inMomentum))),
  ),
  adam(0.9, 0.999, false),
  adam(0.9, 0.999, true),
  adam(0, 0, true),
  shrink,
];
