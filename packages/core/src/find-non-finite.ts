import type { UpdateSpec } from "./update.ts";

/**
 * Sets `found` to 1 if an element of x times `scale` is NaN or infinite, else to 0: with a scale of 1e158 the elements beyond
 * 1.8e150 are found too. Reads [x], writes [found]; `scale` is the parameter.
 */
export const findNonFinite: UpdateSpec<number> = {
  name: "findNonFinite",
  run([x], [found], scale) {
    let sum = 0;
    // 0 times a finite number is 0; 0 times NaN or an infinity is NaN.
    for (let i = 0; i < x.length; i++) sum += 0 * (scale * x[i]);
    found[0] = sum === 0 ? 0 : 1;
  },
  kernel: (scale) => ({ instruction: "findNonFinite", reads: ["g"], writes: ["found"], numbers: [scale] }),
};
