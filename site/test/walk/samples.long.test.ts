import type { AnyOp } from "@gradus/core/testing";
import { watch } from "@gradus/core/watch";
import { h } from "preact";
import { render } from "preact-render-to-string";
import { expect, test } from "vitest";
import { allOf } from "../../../packages/core/test/watch/same-bits.ts";
import { registries } from "../../../tools/catalogue/catalogue.ts";
import { facts } from "../../plugins/walks.ts";
import { Detail } from "../../src/walk/detail.tsx";
import { depths } from "../../src/walk/state.ts";
import { walkOf } from "../../src/walk/walk.ts";
import { checkWalk } from "./support.ts";

for (const { name: registry, ops, samples } of registries) {
  test(`every sample of every op of ${registry} walks at each depth`, { timeout: 300_000 }, () => {
    let count = 0;
    for (const [name, op] of Object.entries(ops) as [string, AnyOp][]) {
      for (const [i, sample] of samples[name].samples.entries()) {
        const trace = watch(() => allOf(op, sample, `${name}/${i}`)).toJSON();
        for (const depth of depths) checkWalk(walkOf(trace, depth));
        const walk = walkOf(trace, "ops");
        const recorded = { trace, quotients: {}, text: "", layouts: { layers: null, ops: null } };
        const details = walk.steps.map((_, at) => render(h(Detail, { walk, recorded, facts: facts(), at })));
        expect(details.join(), `${name}/${i}`).toContain(name);
        expect(details.join(), `${name}/${i}`).not.toContain("undefined");
        count++;
      }
    }
    expect(count).toBeGreaterThan(100);
  });
}
