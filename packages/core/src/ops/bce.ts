import { deriveOp } from "../derived-op.ts";
import { ArgumentError } from "../errors.ts";
import * as math from "../math/index.ts";
import { defineOp, type Op } from "../op.ts";
import { placeOf } from "../print.ts";
import { show } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add, chain, mul, neg, sub } from "./arithmetic.ts";
import { reciprocal } from "./division.ts";
import { maximum } from "./elementary.ts";
import { map } from "./loops.ts";
import { checkSameShape, type LossParams, REDUCTION, reduceLoss } from "./loss-reduction.ts";
import { expectTargets } from "./target-domain.ts";

/** The least logarithm, and the least number that a slope divides by: PyTorch's, so that a wrong 0 or 1 costs a finite loss. */
const LEAST_LOG = -100;
const LEAST_DIVISOR = 1e-12;

/** max(ln p, −100) for a probability. Its slope is 1/max(p, 1e-12): also a p of 0 has a way up. */
const logOf: Op<[p: Tensor]> = defineOp<[p: Tensor]>({
  name: "bce",
  formula: "out = max(ln p, −100)",
  shape: ([p]) => p,
  forward: ([p], out) => {
    const wrong = p.data.findIndex((value) => value < 0 || value > 1);
    if (wrong >= 0) {
      throw new ArgumentError(
        `the prediction must be probabilities in [0, 1], got ${show(p.data[wrong])}${placeOf(wrong, p.shape)}; ` +
          "for outputs without a sigmoid take bceWithLogits",
      );
    }
    map((value) => Math.max(math.log(value), LEAST_LOG))([p], out);
  },
  vjp: [(g, { inputs: [p] }) => chain(g, reciprocal(maximum(p, LEAST_DIVISOR)))],
});

/** max(ln(1 − p), −100), exact also for a p near 0. */
const logOfRest: Op<[p: Tensor]> = defineOp<[p: Tensor]>({
  name: "bce",
  formula: "out = max(ln(1 − p), −100)",
  shape: ([p]) => p,
  forward: map((value) => Math.max(math.log1p(-value), LEAST_LOG)),
  vjp: [(g, { inputs: [p] }) => neg(chain(g, reciprocal(maximum(sub(1, p), LEAST_DIVISOR))))],
});

/**
 * Binary cross entropy of probabilities: −target·ln x − (1 − target)·ln(1 − x), each logarithm at least −100 (PyTorch's
 * `BCELoss`). For a net whose last layer is a sigmoid. Without that layer {@link bceWithLogits} is exact also where a sigmoid
 * rounds to 0 or 1; prefer it.
 *
 * Shapes: x and target equal → [] or their shape. The slopes are those of the logarithms, where a divisor below 1e-12 counts as
 * 1e-12.
 *
 * @throws ArgumentError for a prediction outside [0, 1].
 * @example bce(tensor([0.5]), tensor([1])); // 0.69314718
 */
export const bce: Op<[x: Tensor, target: Tensor], LossParams> = deriveOp<
  [x: Tensor, target: Tensor],
  LossParams
>({
  name: "bce",
  formula: "loss = −target·max(ln x, −100) − (1 − target)·max(ln(1 − x), −100)",
  arity: 2,
  compute: ([x, target], { reduction }) => {
    checkSameShape(x, target);
    expectTargets(target, { loss: "bce", kind: "numbers", low: 0, high: 1 });
    const losses = add(mul(target, logOf(x)), mul(sub(1, target), logOfRest(x)));
    return reduceLoss(neg(losses), reduction);
  },
  ranges: { reduction: REDUCTION },
  defaults: { reduction: "mean" },
});
