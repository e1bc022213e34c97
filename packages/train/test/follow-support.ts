import { crossEntropy, type Parameter, type Tensor } from "@gradus/core";
import { type Layer, namedParameters, Sequential } from "@gradus/nn";
import { vi } from "vitest";
import { type FitOptions, fit } from "../src/index.ts";
import { bitsOf, optionsFor, points, smallNet } from "./support.ts";

/** What a case changes of a training; `net` replaces the net. Made anew for each training, with variables of its own. */
export type Changes = Partial<FitOptions> & { readonly net?: Layer };
export type Cases = Record<string, (net: Sequential) => Changes>;

/** A net whose output goes through a function. */
export const through = (net: Sequential, f: (x: Tensor) => Tensor): Layer =>
  new Sequential(net, { forward: f });

/** Cross entropy times a number that is read in each call. */
export const scaled =
  (scale: () => number | Tensor) =>
  (y: Tensor, t: Tensor): Tensor =>
    crossEntropy(y, t).mul(scale());

/** The first weights of a net. */
export const firstOf = (net: Sequential): Parameter => namedParameters(net)[0][1];

/** How a training ended: its epochs or its error, the bits of the net, and the warnings. */
export interface Outcome {
  readonly outcome: unknown;
  readonly bits: readonly bigint[];
}

/** Trains with and without `compile`. */
export async function both(
  make: (net: Sequential) => Changes,
  changes: Partial<FitOptions>,
): Promise<{ readonly plain: Outcome; readonly compiled: Outcome; readonly warnings: number }> {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const outcomes: Outcome[] = [];
  for (const compile of [false, true]) {
    const inner = smallNet();
    const { net = inner, ...given } = make(inner);
    const options = optionsFor(net, { epochs: 4, ...changes, ...given, compile });
    const outcome = await fit(net, points(10), options).then(
      ({ epochs }) => epochs.map(({ seconds: _, ...values }) => values),
      (error: unknown) => error,
    );
    outcomes.push({ outcome, bits: bitsOf(net) });
  }
  const [plain, compiled] = outcomes;
  return { plain, compiled, warnings: warn.mock.calls.length };
}
