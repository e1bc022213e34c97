import { readFileSync } from "node:fs";
import { elu, SELU_ALPHA, SELU_LAMBDA, selu, tensor } from "@gradus/core";
import { alphaDropoutCoefficients } from "@gradus/nn";
import { describe, expect, test } from "vitest";

const read = (path: string): string =>
  readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8").replace(/\s+/g, " ");

/** What the articles say, sentence by sentence, and where a page says whether it is so. */
const claims: Readonly<Record<string, readonly [sentence: string, page: string, answer: string][]>> = {
  "the notes of the lecture": [
    [
      "α = 1.67326…, λ = 1.05070…",
      "self-normalizing.md",
      "α = 1.6732632423543772 and λ = 1.0507009873554805",
    ],
    ["no dead zone, saturation at −αλ", "activations.md", "no dead zone; saturation at −αλ"],
    ["the weights need the standard deviation 1/K", "self-normalizing.md", "It must be the *variance* 1/K"],
    [
      "50 layers, raw, ReLU: does not rise",
      "self-normalizing.md",
      "| 1 raw pixels, ReLU | the accuracy does not rise |",
    ],
    ["raw, SELU: hardly better", "self-normalizing.md", "**differs: learns** (93.8 % with SGD)"],
    [
      "normalised, SELU: does not train",
      "self-normalizing.md",
      "| 3 normalised pixels, SELU | still does not train |",
    ],
    ["normalised, SELU, LeCun: amazing", "self-normalizing.md", "agrees, but hardly better than 2 and 3b"],
    [
      "normalised, ReLU, LeCun: does not train",
      "self-normalizing.md",
      "| 5 normalised, ReLU, LeCun normal | does not train |",
    ],
    [
      "arms 1 and 2 with U(−0.05, 0.05)",
      "self-normalizing.md",
      "arm 2 is as in the lecture if its weights were U(−0.05, 0.05)",
    ],
    ["PyTorch's selu is scale · elu", "activations.md", "PyTorch's selu is λ·elu(x, α)"],
  ],
  "the post on SELU": [
    ["values of PyTorch and TensorFlow", "activations.md", "agrees, to the last printed digit"],
    ["α and λ with four digits", "activations.md", "Many texts round the constants to four digits."],
    [
      "the outputs approach a standard normal distribution",
      "activations.md",
      "the distribution is not normal",
    ],
    [
      "no vanishing or exploding gradients",
      "activations.md",
      "| SELU avoids vanishing and exploding gradients |",
    ],
    [
      "faster than external normalization",
      "activations.md",
      "| it normalizes faster than external normalization",
    ],
    ["no dead units", "activations.md", "SELU has no dead units"],
    ["depends on the initial weights", "activations.md", "| it depends on the initial weights |"],
    ["costs more than ReLU", "activations.md", "in a whole training step it is 2 to 11 %"],
    ["may overfit; for two and many classes", "activations.md", "SELU suits two and many classes"],
  ],
  "the scripts": [
    [
      "converges faster at the end",
      "self-normalizing.md",
      "neither its own stored output nor this run shows that",
    ],
    [
      "the Keras script names no initializer",
      "self-normalizing.md",
      "Glorot uniform because the script names no initializer",
    ],
    [
      "dropout that is never on",
      "self-normalizing.md",
      "never passes `training=True`: its dropout does nothing",
    ],
    ["biases from N(0, 1)", "self-normalizing.md", "Its biases start from N(0, 1), also in the output layer"],
    ["one run", "self-normalizing.md", "Each arm was trained once, with one seed"],
    [
      "the notebook: SELU ahead",
      "self-normalizing.md",
      "it ends ahead of SELU, at a test accuracy of 93.1 % against 91.8 %",
    ],
    [
      "histograms of activations",
      "activations.md",
      "That comparison uses different conditions for the functions",
    ],
  ],
  "the text on the ReLU family": [
    ["a linear activation approximates all functions", "activations.md", "a misprint: it must be non-linear"],
    ["the identity makes one layer of a deep net", "activations.md", "a product of matrices is a matrix"],
    ["a ReLU unit can stop learning", "activations.md", "a ReLU unit can stop learning"],
    ["Leaky ReLU keeps a slope; PReLU learns it; + 1.03 %", "activations.md", "that gains 1.03 %"],
    ["RReLU draws from U(3, 8)", "activations.md", "the article gives this U(3, 8)"],
    ["mod(p, 1) folds space", "linear-regions.md", "mod(p, 1) is piecewise linear, but it jumps"],
    ["regions grow exponentially with depth", "linear-regions.md", "random weights give far fewer regions"],
    [
      "deep ReLU nets approximate any function",
      "linear-regions.md",
      '"any function" must be "any continuous function"',
    ],
    ["a smooth last layer makes it smooth", "linear-regions.md", "You do not."],
    [
      "monotone, near the identity, bounded, self-regularizing",
      "activations.md",
      "bounded outputs make training stabler",
    ],
  ],
};

describe.each(Object.entries(claims))("Experiments: a page answers %s", (_, rows) => {
  test.each(rows)("%s: %s", (_, page, answer) => expect(read(page)).toContain(answer));
});

test("Experiments: SELU is λ·elu(x, α), and dropout_selu has the coefficients of the script", () => {
  const x = tensor([-700, -3, -0.8333, -1e-9, 0, 0.1895, 40]);
  const formula = elu(x, { alpha: SELU_ALPHA }).mul(SELU_LAMBDA);
  // Two roundings in the one, one product of constants in the other.
  for (const [i, y] of selu(x).data.entries())
    expect(Math.abs(y - formula.data[i])).toBeLessThanOrEqual(4e-16 * Math.abs(y));
  const [keep, alpha] = [0.7, -1.7580993408473766];
  const scale = Math.sqrt(1 / (keep * ((1 - keep) * alpha ** 2 + 1)));
  const { a, b } = alphaDropoutCoefficients(1 - keep);
  expect(a).toBeCloseTo(scale, 14);
  expect(b).toBeCloseTo(-scale * (1 - keep) * alpha, 14);
});

test("Experiments: the pages say what ± is, and that quick runs are too short", () => {
  expect(read("self-normalizing.md")).toContain(
    "*a ± b* is the mean of the runs of an arm and their standard deviation",
  );
  for (const page of ["self-normalizing.md", "activations.md", "linear-regions.md"]) {
    expect(read(page)).toMatch(/too short to judge/);
  }
});

test.each([
  ["activations-selu", "f″(x)"],
  ["linear-regions-counts", "bar: least to most of 20 nets"],
  ["linear-regions-wave", ">y<"],
  ["mnist", "training, mean of 20 batches"],
  ["self-normalizing-fifty-layers-sgd", "one point for each seed"],
  ["self-normalizing-fifty-layers-adam", "one point for each seed"],
  ["self-normalizing-fifty-layers-sgd-variances", "a line that leaves the picture at the bottom"],
  ["self-normalizing-keras", "hollow diamonds: published"],
  ["self-normalizing-notebook", "hollow diamonds: published"],
  ["self-normalizing-tf1", "one seed; hollow diamonds: published"],
])("Experiments: the figure %s shows %s", (figure, text) => {
  expect(read(`figures/${figure}.svg`)).toContain(text);
});
