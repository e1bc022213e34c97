import { ArgumentError, createRng, type Tensor } from "@gradus/core";
import { Dense, type Layer, namedParameters, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Callback, fit } from "../src/index.ts";
import { bitsOf, optionsFor, points, smallNet } from "./support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

const dense = (name: string): Dense => new Dense(2, 2, { rng: createRng(name) });

describe("marks of other frameworks, which gradus does not read", () => {
  const names = ["trainable", "requiresGrad", "requires_grad"];
  test.each(names)("%s: false of a net or a layer is refused, and nothing is changed", async (mark) => {
    const parts: [string, (net: Sequential) => object][] = [
      ["the net", (net) => net],
      ['"layers.0"', (net) => net.layers[0]],
    ];
    for (const [name, part] of parts) {
      const net = new Sequential(dense("a"), dense("b"));
      Object.assign(part(net), { [mark]: false });
      const before = bitsOf(net);
      const trained = fit(net, points(8), optionsFor(net));
      await expect(trained).rejects.toThrow(ArgumentError);
      await expect(trained).rejects.toThrow(`fit: ${name} has ${mark}: false, which gradus does not read`);
      expect(bitsOf(net)).toEqual(before);
    }
  });

  test.each(["requiresGrad", "requires_grad"])("%s of a parameter cannot be assigned", (mark) => {
    const { weight } = dense("a");
    expect(() => Object.assign(weight, { [mark]: false })).toThrow(
      `${mark} of a tensor cannot be assigned, got false: gradients flow to new Parameter(values) and variable(x)`,
    );
  });

  test("count if the optimizer agrees with them, and true is nothing to refuse", async () => {
    const net = new Sequential(dense("a"), dense("b"));
    Object.assign(net.layers[0], { trainable: false });
    Object.assign(net.layers[1], { trainable: true });
    const optimizer = new Adam(namedParameters(net.layers[1]));
    const before = bitsOf(net.layers[0]);
    await fit(net, points(8), { ...optionsFor(net), optimizer });
    expect(bitsOf(net.layers[0])).toEqual(before);
  });
});

describe("a parameter that the outputs depend on and that is not part of the net", () => {
  class Hidden {
    readonly #first = dense("a");
    readonly last = dense("b");
    forward(x: Tensor): Tensor {
      return this.last.forward(this.#first.forward(x));
    }
  }
  class MadeAnew {
    readonly last = dense("b");
    forward(x: Tensor): Tensor {
      return this.last.forward(dense("a").forward(x));
    }
  }
  class Fixed {
    readonly #first = dense("a");
    readonly last = dense("b");
    forward(x: Tensor): Tensor {
      return this.last.forward(this.#first.forward(x).detach());
    }
  }
  const warningsOf = async (net: Layer): Promise<string[]> => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await fit(net, points(8), optionsFor(net as never));
    return warn.mock.calls
      .map(([text]) => String(text))
      .filter((text) => text.includes("not part of the net"));
  };

  test.each([Hidden, MadeAnew])("is told once: %o", async (Net) => {
    const warnings = await warningsOf(new Net());
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^fit: the net's outputs depend on 2 parameters, one of shape \[2(,2)?\], that are not part/,
    );
  });

  test("is not told of detached outputs, nor of a net that keeps its layers", async () => {
    expect(await warningsOf(new Fixed())).toEqual([]);
    expect(await warningsOf(smallNet())).toEqual([]);
  });
});

test("the training that callbacks get cannot be changed by assignment, which would do nothing", async () => {
  const net = smallNet();
  const seen: unknown[] = [];
  const callback: Callback = {
    onEpochEnd(_, training) {
      for (const change of [{ epochs: 1 }, { stopTraining: true }]) {
        try {
          Object.assign(training, change);
        } catch (error) {
          seen.push(error);
        }
      }
    },
  };
  await fit(net, points(8), optionsFor(net, { epochs: 1, callbacks: [callback] }));
  expect(seen).toEqual([expect.any(TypeError), expect.any(TypeError)]);
});
