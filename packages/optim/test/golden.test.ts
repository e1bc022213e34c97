import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { CONSTRUCTORS, close, gradientsOf, parameter } from "./support.ts";

interface Trace {
  readonly name: string;
  readonly optimizer: string;
  readonly preset: "torch" | "keras";
  readonly options: Record<string, unknown>;
}

interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

interface Fixture {
  readonly tolerance: Tolerance;
  readonly problem: {
    readonly shapes: readonly (readonly number[])[];
    readonly initial: readonly (readonly number[])[];
    readonly learningRates: readonly number[];
    readonly gradients: readonly (readonly (readonly number[])[])[];
  };
  readonly traces: readonly (Trace & { readonly parameters: readonly (readonly (readonly number[])[])[] })[];
  readonly golden: readonly (Trace & {
    readonly initial: readonly number[];
    readonly gradients: readonly (readonly number[])[];
    readonly parameters: readonly (readonly number[])[];
    readonly tolerance: Tolerance;
  })[];
}

const fixture: Fixture = JSON.parse(readFileSync(new URL("./fixtures/traces.json", import.meta.url), "utf8"));

describe("traces of other frameworks, with another learning rate at every step", () => {
  const { shapes, initial, learningRates, gradients } = fixture.problem;

  test("there are traces of both presets for every optimizer", () => {
    const covered = new Set(fixture.traces.map(({ optimizer, preset }) => `${optimizer} ${preset}`));
    expect(covered.size).toBe(2 * Object.keys(CONSTRUCTORS).length);
  });

  test.each(fixture.traces.map((trace) => [trace.name, trace] as const))("%s", (_, trace) => {
    const parameters = initial.map((values, i) => parameter(values, shapes[i]));
    const named = parameters.map((x, i) => [`x${i}`, x] as const);
    const learningRate = (step: number): number => learningRates[step];
    const optimizer = new CONSTRUCTORS[trace.optimizer](named, {
      ...trace.options,
      preset: trace.preset,
      learningRate,
    });
    expectSteps(trace.parameters, fixture.tolerance, (step) => {
      optimizer.step(gradientsOf(parameters, gradients[step]));
      return parameters.map((x) => [...x.data]);
    });
  });
});

describe("short sequences from other sources", () => {
  test.each(fixture.golden.map((trace) => [trace.name, trace] as const))("%s", (_, trace) => {
    const x = parameter(trace.initial);
    const optimizer = new CONSTRUCTORS[trace.optimizer]([["x", x]], {
      ...trace.options,
      preset: trace.preset,
    });
    expectSteps(
      trace.parameters.map((values) => [values]),
      trace.tolerance,
      (step) => {
        optimizer.step(gradientsOf([x], [trace.gradients[step]]));
        return [[...x.data]];
      },
    );
  });
});

function expectSteps(
  expected: readonly (readonly (readonly number[])[])[],
  tolerance: Tolerance,
  step: (index: number) => number[][],
): void {
  expected.forEach((tensors, index) => {
    const actual = step(index).flat();
    const wrong = tensors.flat().filter((value, i) => !close(actual[i], value, tolerance));
    expect(wrong, `step ${index}: got ${actual}, expected ${tensors.flat()}`).toEqual([]);
  });
}
