import type { Tensor } from "../tensor.ts";

/** The values for which the targets of a loss make sense. */
export type TargetDomain = { readonly loss: string } & (
  | {
      /** Whole numbers from 0 to classes − 1, or `ignored`. */
      readonly kind: "classes";
      readonly classes: number;
      readonly ignored: number;
    }
  | {
      /**
       * Probabilities: numbers ≥ 0 with the sum 1 over the classes. The targets are blocks of classes·positions numbers, one
       * number for each position of class 0, then of class 1, and so on.
       */
      readonly kind: "probabilities";
      readonly classes: number;
      readonly positions: number;
    }
  /** Each number on its own is in [low, high]. */
  | { readonly kind: "numbers"; readonly low: number; readonly high: number }
);

type Listener = (target: Tensor, domain: TargetDomain) => void;

let listener: Listener | undefined;

/**
 * A loss calls it to say which targets it takes. It does not look at the numbers, so that `compile` can trace the loss once for
 * all batches; `fit` listens before the first step, and checks the whole dataset.
 */
export function expectTargets(target: Tensor, domain: TargetDomain): void {
  listener?.(target, domain);
}

/** Whether somebody hears which targets losses take. */
export function isHeard(): boolean {
  return listener !== undefined;
}

/** Runs a function that calls losses, and hears which targets they take; one around it hears them too. */
export function hearTargets<T>(next: Listener, run: () => T): T {
  const before = listener;
  listener = (target, domain) => {
    before?.(target, domain);
    next(target, domain);
  };
  try {
    return run();
  } finally {
    listener = before;
  }
}
