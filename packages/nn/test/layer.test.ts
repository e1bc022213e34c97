import { createRng, selu, type Tensor } from "@gradus/core";
import { expect, test } from "vitest";
import { Dense, type Layer, layerName, SELU, Sequential } from "../src/index.ts";

test("the name of a layer is the first line of its text, or its class if it has none", () => {
  class Plain implements Layer {
    forward(x: Tensor): Tensor {
      return x;
    }
  }
  const net = new Sequential(new Dense(2, 3, { rng: createRng(1) }), selu);
  expect([...net.layers, net, new SELU(), new Plain(), { forward: (x: Tensor) => x }].map(layerName)).toEqual(
    ["Dense(2, 3)", "selu", "Sequential(", "SELU()", "Plain", "Object"],
  );
});
