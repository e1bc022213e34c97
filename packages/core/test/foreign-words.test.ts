import { describe, expect, test } from "vitest";
import { plain, SYNONYMS, wayOf } from "../src/foreign-words.ts";
import { resolveOptions } from "../src/index.ts";

/** The message with which a function that knows these options refuses this one. */
function refusal(who: string, known: readonly string[], name: string): string {
  const ranges = Object.fromEntries(known.map((option) => [option, { says: "", admits: () => true }]));
  try {
    resolveOptions(who, { [name]: 1 }, {}, ranges);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${name} was not refused`);
}

const FIT = [
  "optimizer",
  "loss",
  "epochs",
  "batchSize",
  "rng",
  "validation",
  "callbacks",
  "startEpoch",
  "dropLast",
];
const ADAM = ["learningRate", "beta1", "beta2", "epsilon", "weightDecay", "clip"];

describe("U3: an option of another framework", () => {
  test.each([
    [
      "validationSplit",
      /; dataset\.split\(0\.8, rng\) gives training data and data for the option validation of fit\. It takes/,
    ],
    ["validation_split", /; dataset\.split\(/],
    ["verbose", /; for progress pass callbacks: \[progressBar\(\)\] to fit\. It takes/],
    ["lr", /; the learning rate is an option of the optimizer: new Adam\(/],
    ["learningRate", /; the learning rate is an option of the optimizer: new Adam\(/],
    ["momentum", /; it is an option of the optimizer SGD\./],
    ["earlyStopping", /; pass callbacks: \[earlyStopping\({ patience: 5 }\)\] to fit\./],
    ["class_weight", /; class weights are a param of the loss: crossEntropy\(/],
    ["sampleWeight", /; weights of samples are an option of the data: new Dataset\(/],
    ["stepsPerEpoch", /; an epoch goes through the data once;/],
    ["device", /; leave it out: there is one device/],
  ])("fit: %s leads to the way that gradus has", (name, message) => {
    expect(refusal("fit", FIT, name)).toMatch(message);
  });

  test.each([
    ["criterion", "loss"],
    ["max_iter", "epochs"],
    ["nEpochs", "epochs"],
    ["batch_size", "batchSize"],
    ["shuffle", "rng"],
    ["random_state", "rng"],
    ["initialEpoch", "startEpoch"],
    ["drop_remainder", "dropLast"],
    ["validationData", "validation"],
    ["optim", "optimizer"],
  ])("fit: %s is suggested as %s", (name, meant) => {
    expect(refusal("fit", FIT, name)).toMatch(
      `fit: unknown option "${name}"; did you mean "${meant}"? It takes { optimizer, `,
    );
  });

  test.each([
    ["lr", "learningRate"],
    ["betas", "beta1"],
    ["weight_decay", "weightDecay"],
    ["eps", "epsilon"],
  ])("Adam: %s is suggested as %s", (name, meant) => {
    expect(refusal("Adam", ADAM, name)).toMatch(`; did you mean "${meant}"? It takes`);
  });

  test.each([
    ["std", "unbiased", "set correction: 0 to divide by n, 1 to divide by n − 1", ["axes", "correction"]],
    ["variance", "ddof", "set correction: 0 to divide by n, 1 to divide by n − 1", ["axes", "correction"]],
    ["norm", "ord", 'did you mean "order"?', ["axes", "order"]],
    ["norm", "p", 'did you mean "order"?', ["axes", "order"]],
    ["oneHot", "depth", 'did you mean "classes"?', ["classes"]],
  ])("%s: %s leads to its own word", (who, name, way, known) => {
    expect(refusal(who, known, name)).toMatch(`; ${way}`);
  });

  test("in no function hides a name that is nearly right", () => {
    expect(refusal("fit", FIT, "epoch")).toMatch('did you mean "epochs"?');
    expect(refusal("Adam", ["learningRate", "clip"], "clipnorm")).toMatch('; did you mean "clip"?');
    expect(refusal("Mine", ["learningRate", "clip"], "weightDecay")).toMatch("; it takes {");
    expect(refusal("Adam", ADAM, "epochs")).toMatch("; it is an option of fit. It takes");
    expect(refusal("f", ["x"], "qqq")).toBe('f: unknown option "qqq"; it takes { x }');
  });
});

test("every word is plain", () => {
  const words = SYNONYMS.flat();
  expect(words.map(plain)).toEqual(words);
  expect(wayOf("no such word", FIT)).toBeUndefined();
});
