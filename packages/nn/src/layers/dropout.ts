import { check, noMore, ranges, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import { type Mode, trainingRng } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { NOT_CLONED } from "../not-cloned.ts";
import { dropout } from "../ops/dropout.ts";
import type { HasWidths, Kept } from "../widths.ts";

/**
 * Dropout: sets units to 0 at random, against overfitting. For SELU nets use `AlphaDropout`.
 *
 * Training: each unit becomes 0 with probability p; the others are divided by 1 − p, which keeps the expectation. The
 * masks differ from step to step and repeat with the seed.
 * Evaluation: the identity.
 * Shapes: any, unchanged.
 * Srivastava et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting, §4, with the
 * scaling of §10.
 *
 * @param p probability that a unit is dropped (not kept), in [0, 1]. 0 is the identity, 1 gives zeros.
 * @example new Sequential(new Dense(784, 512, { rng, init: heNormal }), new ReLU(), new Dropout(0.5));
 */
export class Dropout implements Layer, HasWidths<Kept> {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Dropout);
  declare readonly "~widths"?: Kept;
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  readonly p: number;

  constructor(p: number, ...extra: readonly undefined[]) {
    noMore("Dropout", "p", extra);
    check("Dropout", "p", p, ranges.unit);
    this.p = p;
  }

  forward(x: Tensor, mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    const rng = trainingRng(mode, this);
    return rng === null ? x : dropout(x, { p: this.p, rng });
  }

  toString(): string {
    return `Dropout(${this.p})`;
  }
}
