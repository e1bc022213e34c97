import { warn } from "@gradus/core/internal";

/** Batches at the start, and in every later part, of which all must agree. */
const BATCHES = 10;

/** Growth from which it is no fluctuation. */
const LIMIT = 1000;

/**
 * Watches the losses of the batches, and warns once if they have grown a thousandfold: then training diverges, but may end
 * before a number overflows.
 *
 * The start is the largest loss of the first 10 batches (or of the first epoch, if it has fewer). The warning comes when the
 * *smallest* loss of as many batches in a row is 1000 times that, so a few hard samples give none. A start of 0 or below has
 * no growth: the next 10 batches are the start then. @internal
 */
export class LossGrowth {
  readonly #batches: number;
  #start: number | undefined;
  #count = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  #warned = false;

  /** @param batches per epoch. */
  constructor(batches: number) {
    this.#batches = Math.min(BATCHES, batches);
  }

  /** Takes the loss of a batch. */
  see(loss: number, epoch: number): void {
    if (this.#warned) return;
    this.#least = Math.min(this.#least, loss);
    this.#most = Math.max(this.#most, loss);
    if (++this.#count < this.#batches) return;
    if (this.#start === undefined) {
      if (this.#most > 0) this.#start = this.#most;
    } else if (this.#least >= LIMIT * this.#start) {
      this.#warned = true;
      warn(
        `fit: the loss has grown from ${digits(this.#start)} to ${digits(loss)} in epoch ${epoch}: training diverges. Try a ` +
          "lower learning rate or clipping, and check that inputs and targets are scaled",
      );
    }
    this.#count = 0;
    this.#least = Number.POSITIVE_INFINITY;
    this.#most = Number.NEGATIVE_INFINITY;
  }
}

const digits = (x: number): string => String(Number(x.toPrecision(3)));
