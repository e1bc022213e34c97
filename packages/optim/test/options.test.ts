import { describe, expect, test } from "vitest";
import { Adam, SGD } from "../src/index.ts";
import { CONSTRUCTORS, gradientsOf, messageOf, parameter } from "./support.ts";

describe("options", () => {
  const bad = [Number.NaN, Infinity, -Infinity, -1, "0.1", null, 1n];
  const out: Record<string, unknown[]> = {
    learningRate: bad,
    weightDecay: bad,
    epsilon: [...bad, 0],
    momentum: [...bad, 1.5],
    dampening: [...bad, 1.5],
    beta1: [...bad, 1],
    beta2: [...bad, 1],
    rho: [...bad, 1],
    nesterov: [1, "yes", null],
    amsgrad: [1, "yes", null],
    centered: [1, "yes", null],
    epsilonInside: [0, null],
    epsilonHat: [0, null],
    learningRateInMomentum: [0, null],
    decoupledWeightDecay: [0, null],
    preset: ["pytorch", "Keras", "", null, 1, "__proto__"],
  };
  const keys: [optimizer: string, keys: string[]][] = [
    ["SGD", ["momentum", "dampening", "nesterov", "learningRateInMomentum"]],
    ["Adam", ["beta1", "beta2", "epsilon", "epsilonHat", "amsgrad"]],
    ["AdamW", ["beta1", "beta2", "epsilon", "epsilonHat", "amsgrad"]],
    ["RMSprop", ["rho", "epsilon", "epsilonInside", "centered", "momentum", "learningRateInMomentum"]],
  ];
  const cases = keys.flatMap(([optimizer, own]) =>
    ["learningRate", "weightDecay", "decoupledWeightDecay", "preset", ...own].flatMap((key) =>
      out[key].map((value) => [optimizer, key, value] as const),
    ),
  );
  test.each(cases)("%s: %s %o is refused", (optimizer, key, value) => {
    const make = () => new CONSTRUCTORS[optimizer]([["x", parameter([1])]], { [key]: value });
    expect(messageOf(make)).toMatch(new RegExp(`^ArgumentError: ${optimizer}: ${key} must be .*, got `));
  });

  test.each(Object.keys(CONSTRUCTORS))(
    "%s: an unknown option is refused, and the known ones are listed",
    (name) => {
      const make = (options: unknown) => new CONSTRUCTORS[name]([["x", parameter([1])]], options as object);
      expect(messageOf(() => make({ lr: 0.1 }))).toMatch(
        new RegExp(
          `^ArgumentError: ${name}: unknown option "lr"; did you mean "learningRate"\\? It takes \\{ learningRate, .*, preset, clip \\}$`,
        ),
      );
      expect(messageOf(() => make(JSON.parse('{"__proto__": 1}')))).toMatch(/unknown option "__proto__"/);
      expect(messageOf(() => make(null))).toMatch(
        /needs an options object \{ learningRate, .*, clip \}, got null$/,
      );
      expect(messageOf(() => make([0.1]))).toMatch(
        /needs an options object \{ learningRate, .*, clip \}, got \[0.1\]$/,
      );
    },
  );

  test("an option given as undefined counts as not given", () => {
    const x = parameter([1]);
    const options = { learningRate: undefined, clip: undefined, preset: undefined } as object;
    expect(new SGD([["x", x]], options).learningRate).toBe(0.001);
  });

  test("a learning rate of 0 changes nothing", () => {
    const x = parameter([1]);
    new Adam([["x", x]], { learningRate: 0 }).step(gradientsOf([x], [[5]]));
    expect(x.data[0]).toBe(1);
  });
});
