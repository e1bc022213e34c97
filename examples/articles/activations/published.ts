/**
 * SELU compared with published values: two each from PyTorch and TensorFlow, and the paper's closed form of its
 * constants.
 */
import { math, selu, tensor } from "@gradus/core";
import type { Table } from "../../shared/table.ts";

/** Inputs and outputs as printed in an article on SELU. */
const printed = [
  { source: "PyTorch", x: 0.1895, text: "0.1991" },
  { source: "PyTorch", x: -0.8333, text: "-0.9940" },
  { source: "TensorFlow 2.18", x: 0.1895, text: "0.19910784" },
  { source: "TensorFlow 2.18", x: -0.8333, text: "-0.99400705" },
];

export interface Comparison {
  readonly what: string;
  readonly published: string;
  readonly computed: number;
  readonly agrees: boolean;
}

/** The values, recomputed by the op; they agree if they round to the same digits. */
function values(): Comparison[] {
  return printed.map(({ source, x, text }) => {
    const computed = selu(tensor(x)).item();
    const decimals = text.split(".")[1].length;
    return {
      what: `selu(${x}), ${source}`,
      published: text,
      computed,
      agrees: computed.toFixed(decimals) === text,
    };
  });
}

/** λ and α from Klambauer et al. 2017, eq. 14, against the op: λ = selu(1), and λα is what it falls to on the left. */
function constants(): Comparison[] {
  const a = math.erfc(Math.SQRT1_2) * math.exp(0.5);
  const b = math.erfc(Math.SQRT2) * math.exp(2);
  const alpha = -Math.sqrt(2 / Math.PI) / (a - 1);
  const root = Math.sqrt(2 * b + Math.PI * a * a - 2 * (2 + Math.PI) * a + Math.PI + 2);
  const lambda = ((1 - a) * Math.sqrt(2 * Math.PI)) / root;
  const measured = {
    lambda: selu(tensor(1)).item(),
    product: -selu(tensor(Number.NEGATIVE_INFINITY)).item(),
  };
  const compare = (what: string, formula: number, computed: number): Comparison => ({
    what,
    published: String(formula),
    computed,
    agrees: Math.abs(formula / computed - 1) < 1e-14, // the closed form loses some digits by cancellation
  });
  return [
    compare("λ, closed form", lambda, measured.lambda),
    compare("α, closed form", alpha, measured.product / measured.lambda),
    compare("λα, closed form", lambda * alpha, measured.product),
  ];
}

export function comparePublished(): readonly Comparison[] {
  return [...values(), ...constants()];
}

export function publishedTable(comparisons: readonly Comparison[]): Table {
  return [
    ["SELU", "published", "computed", "agree"],
    ...comparisons.map(({ what, published, computed, agrees }) => [
      what,
      published,
      String(computed),
      agrees ? "yes" : "NO",
    ]),
  ];
}
