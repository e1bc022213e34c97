import type { AnyOp } from "@gradus/core/testing";
import { rowsOf, watch } from "@gradus/core/watch";
import { expect, test } from "vitest";
import { allOf } from "../../packages/core/test/watch/same-bits.ts";
import { registries } from "../catalogue/catalogue.ts";
import { shownRows } from "./internals.ts";
import { stepText } from "./step.ts";

for (const { name: registry, ops, samples } of registries) {
  test(`every sample of every op of ${registry} has a text, and each of its steps`, {
    timeout: 300_000,
  }, () => {
    for (const [name, op] of Object.entries(ops) as [string, AnyOp][]) {
      for (const [i, sample] of samples[name].samples.entries()) {
        const trace = watch(() => allOf(op, sample, `${name}/${i}`));
        const text = trace.toString({ columns: 200 }); // so wide that no name is broken
        expect(text, `${name}/${i}`).toContain(name);
        expect(text, `${name}/${i}`).not.toContain("undefined");
        const count = rowsOf(trace).sections.reduce(
          (sum, section) => sum + shownRows(section, false).length,
          0,
        );
        for (let step = 1; step <= count; step++) {
          const lines = stepText(trace, step, false, 100);
          expect(lines[0], `${name}/${i}`).toMatch(new RegExp(`^step ${step} of ${count}, `));
          expect(lines.join("\n"), `${name}/${i}`).not.toContain("undefined");
        }
      }
    }
  });
}
