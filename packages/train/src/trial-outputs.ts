import { ArgumentError, exp, sum, type Tensor } from "@gradus/core";

/** What a loss of core that takes logarithms of probabilities was given in a trial. @internal */
export interface GivenLogarithms {
  readonly loss: string;
  readonly x: Tensor;
}

/** The losses of core that take logarithms of probabilities. @internal */
export const OF_LOGARITHMS: ReadonlySet<string> = new Set(["nll", "klDiv"]);

/** Room for rounding. */
const ROUNDING = 1e-6;

/**
 * Refuses outputs that cannot be logarithms of probabilities, such as logits: the loss would fall without end. They are at
 * most 0; those of nll have probabilities over the classes with a sum of at most 1.
 *
 * @throws ArgumentError with the loss, what it was given, and the way out. @internal
 */
export function refuseLogits(who: string, given: readonly GivenLogarithms[]): void {
  for (const { loss, x } of given) {
    const above = x.data.find((value) => value > ROUNDING);
    const total = loss === "nll" ? largestSum(x) : 0;
    if (above === undefined && !(total > 1 + ROUNDING)) continue;
    const found = above === undefined ? `probabilities with the sum ${total.toPrecision(6)}` : String(above);
    const instead = loss === "nll" ? ", or use crossEntropy, which takes logits" : "";
    throw new ArgumentError(
      `${who}: ${loss} takes logarithms of probabilities, at most 0, but the outputs give it ${found}: end the net with ` +
        `new LogSoftmax()${instead}`,
    );
  }
}

/** The largest sum of exp(x) over the classes: axis 1 of [n, classes, ...], axis 0 of [classes]. */
function largestSum(x: Tensor): number {
  return sum(exp(x), { axes: Math.min(1, x.rank - 1) }).data.reduce((a, b) => Math.max(a, b), 0);
}
