import type { AnyOp } from "@gradus/core/testing";
import { watch } from "@gradus/core/watch";
import { render } from "preact-render-to-string";
import { describe, expect, test } from "vitest";
import { allOf } from "../../../packages/core/test/watch/same-bits.ts";
import { registries } from "../../../tools/catalogue/catalogue.ts";
import { facts, walks } from "../../plugins/walks.ts";
import { Detail } from "../../src/walk/detail.tsx";
import { programOf } from "../../src/walk/program.ts";
import { recorded } from "../../src/walk/recorded.ts";
import { depths } from "../../src/walk/state.ts";
import { statesAt, walkOf, waysTo } from "../../src/walk/walk.ts";
import { Walker } from "../../src/walk/walker.tsx";
import { checkWalk } from "./support.ts";

const nothing = { quotients: {}, text: "", layouts: { layers: null, ops: null } };

describe("every op of every registry", () => {
  for (const { name: registry, ops, samples } of registries) {
    test(`of ${registry} walks in the page`, () => {
      for (const [name, op] of Object.entries(ops) as [string, AnyOp][]) {
        const trace = watch(() => allOf(op, samples[name].samples[0], `${name}/0`)).toJSON();
        for (const depth of depths) checkWalk(walkOf(trace, depth));
        const walk = walkOf(trace, "ops");
        const pages = walk.steps.map((_, at) =>
          render(
            <Walker
              source=""
              recorded={{ trace, ...nothing }}
              walk={walk}
              facts={facts()}
              view={{ example: "own", depth: "ops", at, drawing: "list" }}
            />,
          ),
        );
        expect(pages.join(""), name).toContain(name);
        expect(pages.join(""), name).not.toContain("undefined");
      }
    });
  }
});

describe("the examples", () => {
  for (const { name, recorded } of walks()) {
    test(`${name} walks at each depth, and its rules agree with difference quotients`, () => {
      for (const depth of depths) checkWalk(walkOf(recorded.trace, depth));
      const verdicts = Object.values(recorded.quotients).flatMap((all) => all.map(({ verdict }) => verdict));
      expect(verdicts.length).toBeGreaterThan(0);
      const finite = verdicts.filter((verdict) => verdict !== "edge");
      expect(new Set(finite)).toEqual(new Set(name === "nan" ? [] : ["same"]));
      // The mask of attention is −∞, the logarithm of a negative number NaN.
      expect(verdicts.length > finite.length).toBe(name === "nan" || name === "attention");
    });
  }

  test("broadcasting shows how the row is repeated, and what is summed on the way back", () => {
    const example = walks().find(({ name }) => name === "broadcasting");
    if (!example) throw new Error("no such example");
    const walk = walkOf(example.recorded.trace, "ops");
    const texts = walk.steps.map((_, at) =>
      render(<Detail walk={walk} recorded={example.recorded} facts={facts()} at={at} />),
    );
    const forward = texts.filter((text) =>
      text.includes("row [3] is repeated 2 times along axis 0, to [2, 3]."),
    );
    const backward = texts.filter((text) => text.includes("so its gradient is the sum over axis 0."));
    expect([forward.length, backward.length]).toEqual([1, 1]);
    expect(forward[0]).toContain('<svg viewBox="0 0 176 40"');
  });

  test("micrograd has the numbers of its README (Karpathy 2020)", () => {
    const walk = walkOf(
      (
        walks().find(({ name }) => name === "micrograd") as typeof walks extends () => readonly (infer E)[]
          ? E
          : never
      ).recorded.trace,
      "ops",
    );
    const end = statesAt(walk, walk.steps.length - 1);
    const of = (name: string, kind: "value" | "gradient"): number =>
      Number(
        walk.trace.tensors[end[walk.lines.findIndex((line) => line.name === name)][kind] as number]
          .numbers[0],
      );
    expect(of("g", "value")).toBeCloseTo(24.7041, 4);
    expect(of("a", "gradient")).toBeCloseTo(138.8338, 4);
    expect(of("b", "gradient")).toBeCloseTo(645.5773, 4);
  });
});

describe("a program", () => {
  const run = (source: string) =>
    recorded(programOf(`import { backward, tensor, variable, where } from "gradus";\n${source}`));

  test("gets the names of its variables, of parameters of its nets, and of its layers", () => {
    const { trace } = recorded(
      programOf(
        'import { backward, createRng, Dense, ones } from "gradus";\nconst net = new Dense(2, 1, { rng: createRng(1) });\nconst y = net.forward(ones([1, 2])).sum();\nbackward(y);',
      ),
    );
    expect(trace.tensors.flatMap(({ name }) => name ?? [])).toEqual(
      expect.arrayContaining(["weight", "bias", "y"]),
    );
    expect(trace.events.map(({ layer }) => layer)).toContain("Dense 1");
    expect(trace.events.flatMap((event) => ("site" in event ? (event.site ?? []) : []))[0]).toMatch(
      /^program\.ts:5:/,
    );
  });

  test("shows several ways to one tensor as a sum, and a second backward pass begins anew", () => {
    const { trace } = run(
      "const a = variable(tensor(2));\nconst b = a.mul(a);\nbackward(b);\nbackward(a.mul(3));",
    );
    const walk = walkOf(trace, "ops");
    const rules = walk.steps.flatMap(({ rows: [{ event }] }, step) =>
      event.kind === "rule" ? [{ event, step }] : [],
    );
    const ways = rules.map(({ event, step }) =>
      waysTo(walk, event, step).map(({ gives }) => trace.tensors[gives].numbers[0]),
    );
    expect(ways).toEqual([[2], [2, 2], [3]]);
  });

  test("says where a rule takes one slope of a kink", () => {
    const { trace, quotients } = run(
      "const x = variable(tensor([-1, 0, 1]));\nconst y = x.relu();\nbackward(y.sum());",
    );
    const relu = trace.events.find((event) => event.kind === "rule" && event.op === "relu");
    expect(quotients[relu?.id ?? -1].map(({ verdict }) => verdict)).toEqual(["same", "kink", "same"]);
  });

  test("that does not parse names its line", () => {
    expect(() => programOf("const a = 1;\nconst b = (2;")).toThrow(expect.objectContaining({ line: 2 }));
  });

  test("leaves the classes of layers as they were, also when it throws", () => {
    expect(() => run("tensor(1).item();\nthrow new Error('no');")).toThrow("no");
    expect(String(run)).toBeDefined();
  });
});
