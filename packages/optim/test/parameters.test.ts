import { tensor, variable } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type ParameterList, SGD, type SGDHyperparameters } from "../src/index.ts";
import { gradientsOf, messageOf, parameter } from "./support.ts";

describe("parameters", () => {
  const x = parameter([1, 2]);
  const y = parameter([3]);
  const refusals: [what: string, given: unknown, message: string | RegExp][] = [
    ["an empty list", [], "ArgumentError: SGD: the list of parameters is empty: nothing to train"],
    ["a net", { weight: x }, /^ArgumentError: SGD: needs a list of \[name, parameter\] pairs, .*got Object$/],
    ["nothing", undefined, /got undefined$/],
    ["a parameter alone", x, /got Parameter$/],
    [
      "a parameter without a name",
      [x],
      /each parameter is a pair \[name, parameter\], got Parameter without a name$/,
    ],
    [
      "a name that is no text",
      [[1, x]],
      /each parameter is a pair \[name, parameter\], got \[1,Parameter\]$/,
    ],
    ["a tensor", [["w", tensor([1])]], 'ArgumentError: SGD: "w" is not a Parameter but Tensor [1]'],
    ["a variable", [["w", variable(tensor([1]))]], /"w" is not a Parameter but Tensor \[1\]$/],
    ["null", [["w", null]], /"w" is not a Parameter but null$/],
    ["a hole", Array<never>(1), /each parameter is a pair \[name, parameter\], got undefined$/],
    [
      "a parameter listed twice",
      [
        ["w", x],
        ["b", y],
        ["w", x],
      ],
      'ArgumentError: SGD: parameter "w" is listed twice; each must be in one group, once',
    ],
    [
      "a parameter under two names",
      [
        ["w", x],
        ["v", x],
      ],
      /parameter "w" is listed again as "v", twice/,
    ],
    [
      "a parameter in two groups",
      [{ parameters: [["w", x]] }, { parameters: [["w", x]] }],
      /"w" is listed twice/,
    ],
    [
      "two parameters of one name",
      [
        ["w", x],
        ["w", y],
      ],
      'ArgumentError: SGD: two parameters are named "w"',
    ],
    [
      "an empty group",
      [{ parameters: [["w", x]] }, { parameters: [] }],
      /group 1 needs a list .*, got an empty one$/,
    ],
    ["a group that is no list", [{ parameters: x }], /group 0 needs a list of .* got Parameter$/],
    [
      "groups and pairs mixed",
      [{ parameters: [["w", x]] }, ["b", y]],
      /group 1 must be an object \{ parameters, … \}/,
    ],
    [
      "an unknown override",
      [{ parameters: [["w", x]], lr: 1 }],
      /^ArgumentError: SGD, group 0: unknown option "lr"/,
    ],
    [
      "a preset of a group",
      [{ parameters: [["w", x]], preset: "keras" }],
      /group 0: unknown option "preset"/,
    ],
    [
      "a bad override",
      [{ parameters: [["w", x]], momentum: 2 }],
      /SGD, group 0: momentum must be in \[0, 1\], got 2/,
    ],
    [
      "an override in conflict",
      [{ parameters: [["w", x]], nesterov: true }],
      /SGD, group 0: nesterov needs momentum/,
    ],
  ];
  test.each(refusals)("%s is refused", (_, given, message) => {
    const thrown = messageOf(() => new SGD(given as ParameterList<SGDHyperparameters>));
    if (typeof message === "string") expect(thrown).toBe(message);
    else expect(thrown).toMatch(message);
  });

  test("an empty parameter is legal", () => {
    const empty = parameter([], [0, 3]);
    const sgd = new SGD([["empty", empty]]);
    sgd.step(gradientsOf([empty], [[]]));
    expect(sgd.stepCount).toBe(1);
  });
});
