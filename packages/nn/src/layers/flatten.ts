import { noMore, reshape, sizeOf, type Tensor } from "@gradus/core";
import { ownLayer } from "@gradus/core/internal";
import type { Layer } from "../layer.ts";
import type { Mode } from "../mode.ts";
import { checks } from "../named-parameters.ts";
import { NOT_CLONED } from "../not-cloned.ts";

/**
 * Reshapes each sample to one row; keeps the batch axis.
 *
 * Training and evaluation are the same.  Shapes: [N, a, b, ...] → [N, a·b·…], and [N] → [N, 1].
 *
 * @example new Sequential(new Flatten(), new Dense(784, 10, { rng })); // images [32, 28, 28]
 */
export class Flatten implements Layer {
  static readonly own: true = /* @__PURE__ */ ownLayer(() => Flatten);
  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  constructor(...extra: readonly undefined[]) {
    noMore("Flatten", "", extra);
  }

  forward(x: Tensor, _mode?: Mode): Tensor {
    checks.tensor?.(this, x);
    checks.input?.(this, x.rank >= 1, x.shape, "[N, ...]");
    return reshape(x, { shape: [x.shape[0], sizeOf(x.shape.slice(1))] });
  }

  toString(): string {
    return "Flatten()";
  }
}
