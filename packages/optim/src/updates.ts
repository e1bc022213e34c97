import type { UpdateSpec } from "@gradus/core";
import { type Clip, clipFactors, type Refusal, writeClipped } from "./clip.ts";
import type { Group, Preparation } from "./members.ts";
import type { Hyperparameters, Rule } from "./rule.ts";

/** The factors from clipping norms. Reads all gradients, writes a [factor] for each. */
export function clipUpdate(clip: Clip, refuse: Refusal): UpdateSpec {
  return {
    name: "clip",
    run(gradients, factors) {
      const values = clipFactors(clip, gradients, refuse);
      for (let i = 0; i < values.length; i++) factors[i][0] = values[i];
    },
  };
}

/** out = clip(g·factor, ±limit), + decay·x if decay is not 0; out may be g. Reads [g, x, [factor]], writes [out]. */
export const prepareGradient: UpdateSpec<Preparation> = {
  name: "prepareGradient",
  run([g, x, [factor]], [out], { limit, decay }) {
    writeClipped(out, g, factor, limit);
    // Skipped for decay 0: adding 0·x would turn −0 into 0, and give NaN for an infinite x.
    if (decay !== 0) for (let i = 0; i < out.length; i++) out[i] += decay * x[i];
  },
  kernel: ({ limit, decay }) => ({
    instruction: "prepareGradient",
    reads: ["g", "x", "step"],
    writes: ["out"],
    numbers: [limit, decay],
  }),
};

/** x ← x − learningRate·weightDecay·x. Reads [[learningRate]], writes [x]. */
export const shrink: UpdateSpec<Pick<Hyperparameters, "weightDecay">> = {
  name: "shrink",
  run([[learningRate]], [x], { weightDecay }) {
    const part = learningRate * weightDecay;
    for (let i = 0; i < x.length; i++) x[i] -= part * x[i];
  },
  kernel: ({ weightDecay }) => ({
    instruction: "shrink",
    reads: ["step"],
    writes: ["x"],
    numbers: [weightDecay],
  }),
};

/** The step of a rule. Reads [g, coefficients], writes [x, …slots]. */
export function ruleUpdate<H extends Hyperparameters>(rule: Rule<H>): UpdateSpec<Group<H>> {
  return {
    name: rule.name,
    run([g, coefficients], writes, { h, slotNames }) {
      const slots: Record<string, Float64Array> = {};
      for (let i = 0; i < slotNames.length; i++) slots[slotNames[i]] = writes[i + 1];
      rule.update(writes[0], g, slots, h, coefficients);
    },
    kernel({ h }) {
      const kernel = rule.kernel?.(h);
      if (!kernel) return null;
      const { instruction, slots = [], numbers = [] } = kernel;
      return { instruction, reads: ["g", "step"], writes: ["x", ...slots], numbers };
    },
  };
}
