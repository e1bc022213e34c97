/** `pnpm bench [NAME …]` runs the benchmarks, or those whose name starts with one of the given words. */
import { elementwise } from "./elementwise.ts";
import { products } from "./products.ts";
import { trainingStep } from "./training-step.ts";

const benchmarks = { products, elementwise, "training-step": trainingStep };

const wanted = process.argv.slice(2);
const chosen = Object.entries(benchmarks).filter(
  ([name]) => wanted.length === 0 || wanted.some((word) => name.startsWith(word)),
);
if (chosen.length === 0) {
  console.error(
    `There is no benchmark called ${wanted.join(", ")}; there are ${Object.keys(benchmarks).join(", ")}.`,
  );
  process.exitCode = 1;
}
for (const [, run] of chosen) run();
