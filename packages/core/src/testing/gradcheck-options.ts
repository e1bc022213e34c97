import { resolveOptions } from "../options.ts";
import { counts, nonNegative, positive, text } from "../ranges.ts";
import type { Differentiable, GradcheckOptions } from "./gradcheck.ts";

/** The options of a gradient check with all defaults, checked. */
export function checkGradcheckOptions(
  who: string,
  f: Differentiable,
  options: GradcheckOptions,
): Required<GradcheckOptions> {
  return resolveOptions<Required<GradcheckOptions>>(
    who,
    options,
    { step: 1e-5, tolerance: 1e-7, seed: "gradcheck", constants: [], name: f.name || "f" },
    { step: positive, tolerance: nonNegative, seed: text, constants: counts, name: text },
  );
}
