import { describe, expect, test } from "vitest";
import { defineListOp, defineOp, neg, type OpSpec, ops, type Rule, type Tensor } from "../src/index.ts";
import { type AnyOp, checkSample, type OpSamples } from "../src/testing/index.ts";
import { samples } from "./samples/index.ts";

const samplesOf: Readonly<Record<string, OpSamples<unknown>>> = samples;

/** Who checks the checks: every gradient rule of the registry, with its sign turned round, must be caught. */
describe("a wrong sign in the rule of", () => {
  for (const [name, op] of Object.entries(ops)) {
    const spec = op.spec as unknown as Partial<OpSpec<Tensor[], unknown>>;
    (spec.vjp ?? []).forEach((rule, i) => {
      if (rule === null) return;
      test(`${name}, input ${i + 1}, is caught by one of its samples`, () => {
        const wrong: Rule<Tensor[], unknown> = (g, context) => neg((rule as typeof wrong)(g, context));
        const mutant = { ...spec, vjp: spec.vjp?.with(i, wrong) } as OpSpec<Tensor[], unknown>;
        const define = ("list" in spec ? defineListOp : defineOp) as (
          spec: OpSpec<Tensor[], unknown>,
        ) => AnyOp;
        const caught = samplesOf[name].samples.filter((sample, k) => {
          try {
            checkSample(define(mutant), sample, `${name}/${k}`);
            return false;
          } catch {
            return true;
          }
        });
        expect(caught.length).toBeGreaterThan(0);
      });
    });
  }
});
