import { createRng, crossEntropy, mse, selu, type Tensor, tanh } from "@gradus/core";
import { Dense, Dropout, ELU, type Layer, namedParameters, ReLU, SELU, Sequential } from "@gradus/nn";
import { Adam, cosineDecay, Plateau, SGD } from "@gradus/optim";
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from "vitest";
import type { FitOptions } from "../src/index.ts";
import { TrainingSetup } from "../src/setup.ts";

let warn: MockInstance;
beforeEach(() => {
  warn = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

const rng = createRng(1);
const dense = (activation?: (x: Tensor) => Tensor): Dense =>
  new Dense(2, 2, { rng, ...(activation && { activation }) });
const twoLayers = (activation: Layer): Layer => new Sequential(dense(), activation);

class Scaled implements Layer {
  readonly inner: Dense = dense();
  readonly factor: number;

  constructor(factor: number) {
    this.factor = factor;
  }

  forward(x: Tensor): Tensor {
    return this.inner.forward(x).mul(this.factor);
  }
}

class Doubled extends Scaled {
  override forward(x: Tensor): Tensor {
    return this.inner.forward(x).mul(2 * this.factor);
  }
}
Object.defineProperty(Doubled, "name", { value: "Scaled" });

interface Choice {
  readonly net?: Layer;
  readonly optimizer?: (net: Layer) => FitOptions["optimizer"];
  readonly loss?: FitOptions["loss"];
}

function setup({ net = dense(), optimizer = (net) => new Adam(namedParameters(net)), loss = mse }: Choice) {
  return new TrainingSetup(net, optimizer(net), loss);
}

/** The warning when a training of one choice is resumed with the other. */
function warning(was: Choice, is: Choice): string | undefined {
  setup(is).restore(setup(was).state());
  return warn.mock.calls[0]?.[0];
}

const adam = (options: object) => ({ optimizer: (net: Layer) => new Adam(namedParameters(net), options) });
const sgd = (options: object) => ({ optimizer: (net: Layer) => new SGD(namedParameters(net), options) });

describe("R7: a training that is resumed with", () => {
  test.each<[string, Choice, Choice, string]>([
    ["another loss", { loss: mse }, { loss: crossEntropy }, "loss was mse and is crossEntropy"],
    [
      "other code in the loss",
      { loss: (o, t) => mse(o, t) },
      { loss: (o, t) => mse(o, t).mul(2) },
      "the code of loss differs",
    ],
    [
      "another learning rate",
      adam({}),
      adam({ learningRate: 0.5 }),
      "optimizer.learningRate was 0.001 and is 0.5",
    ],
    [
      "another schedule",
      adam({ learningRate: cosineDecay(0.1, { steps: 50 }) }),
      adam({ learningRate: cosineDecay(0.1, { steps: 60 }) }),
      "optimizer.learningRate was 0.1, ",
    ],
    [
      "another momentum",
      sgd({ learningRate: 1 }),
      sgd({ learningRate: 1, momentum: 0.5 }),
      "momentum was 0 and is 0.5",
    ],
    [
      "another limit",
      adam({}),
      adam({ clip: { globalNorm: 1 } }),
      "optimizer.clip was none and is not there",
    ],
    ["another activation", { net: dense(selu) }, { net: dense(tanh) }, "net.activation was selu and is tanh"],
    [
      "another layer",
      { net: twoLayers(new SELU()) },
      { net: twoLayers(new ReLU()) },
      "net.layers.1 was SELU() and is",
    ],
    [
      "another rate of dropout",
      { net: twoLayers(new Dropout(0.1)) },
      { net: twoLayers(new Dropout(0.2)) },
      "0.1",
    ],
    [
      "another slope",
      { net: twoLayers(new ELU({ alpha: 1 })) },
      { net: twoLayers(new ELU({ alpha: 2 })) },
      "ELU(",
    ],
    [
      "another option of an own layer",
      { net: new Scaled(1) },
      { net: new Scaled(2) },
      "net.factor was 1 and is 2",
    ],
    [
      "other code in an own layer",
      { net: new Scaled(1) },
      { net: new Doubled(1) },
      "the code of net differs",
    ],
  ])("%s warns and names it", (_, was, is, expected) => {
    const said = warning(was, is);
    expect(said).toMatch(
      /^fit: the checkpoint fits, but it was saved by a training with other code or options: /,
    );
    expect(said).toContain(expected);
  });

  test("another preset warns", () => {
    expect(warning(adam({}), adam({ preset: "keras" }))).toContain("optimizer.");
  });

  test("the same does not warn, also if a Plateau has lowered its rate", () => {
    const plateau = new Plateau(0.1, { patience: 0 });
    const choice = { ...adam({ learningRate: plateau.schedule }), net: twoLayers(new Dropout(0.1)) };
    const before = setup(choice).state();
    plateau.observe(1);
    plateau.observe(1);
    expect(plateau.rate).not.toBe(0.1);
    setup(choice).restore(before);
    expect(warn).not.toHaveBeenCalled();
  });

  test("code that was built in another way does not warn, but other options do", () => {
    const otherBuild = (choice: Choice): object =>
      Object.fromEntries(
        Object.entries(setup(choice).state()).map(([name, text]) => [
          name,
          /^code|build/.test(name) ? "0" : text,
        ]),
      );
    setup({}).restore(otherBuild({}));
    expect(warn).not.toHaveBeenCalled();
    setup({}).restore(otherBuild({ loss: crossEntropy }));
    expect(warn.mock.calls[0][0]).toMatch(/options: loss was crossEntropy and is mse$/);
  });

  test("many differences lists five", () => {
    const net = (layer: () => Layer): Layer => new Sequential(dense(), ...Array.from({ length: 9 }, layer));
    const said = warning({ net: net(() => new SELU()) }, { net: net(() => new ReLU()) });
    expect(said?.split("; ").length).toBe(6);
    expect(said).toMatch(/; and \d+ more$/);
  });
});
