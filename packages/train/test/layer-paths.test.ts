import { createRng, log, NumericsError, ops, selu, type Tensor, tensor, trapNumerics } from "@gradus/core";
import { Dense, type Layer, namedParameters, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { withLayerPaths } from "../src/layer-paths.ts";
import { layerOf } from "./support.ts";

class Log implements Layer {
  forward(x: Tensor): Tensor {
    return log(x);
  }
}

/** A layer that keeps others in every way there is. */
class Keeper implements Layer {
  readonly list: Layer[] = [];
  readonly byName = new Map<string, Layer>();
  readonly some = new Set<Layer>();
  readonly self: object = this;
  #used: Layer = new Log();

  forward(x: Tensor): Tensor {
    return this.#used.forward(x.mul(1));
  }

  use(layer: Layer): this {
    this.#used = layer;
    return this;
  }
}

/** The layer in which the log of 0 is caught. */
function layerOfLog(net: Layer): string | null {
  try {
    trapNumerics((trap) => withLayerPaths(net, trap, () => net.forward(tensor([[0]]))));
  } catch (error) {
    if (error instanceof NumericsError) return error.layer;
    throw error;
  }
  throw new Error("nothing was caught");
}

describe("a layer is named by", () => {
  test("its path: fields, arrays, Maps and Sets, nested", () => {
    const inner = new Log();
    const keeper = new Keeper().use(inner);
    expect(layerOfLog(inner)).toBe("net (Log)");
    expect(layerOfLog(keeper)).toBe("net (Keeper)"); // a #private field cannot be read
    keeper.list.push(new Dense(1, 1, { rng: createRng(1) }), inner);
    expect(layerOfLog(keeper)).toBe("list.1 (Log)");
    keeper.list.pop();
    keeper.byName.set("head", inner);
    expect(layerOfLog(keeper)).toBe("byName.head (Log)");
    keeper.byName.clear();
    keeper.some.add(inner);
    expect(layerOfLog(keeper)).toBe("some.0 (Log)");
    const net = new Sequential(new Keeper().use(layerOf((x) => x)), new Sequential(keeper));
    expect(layerOfLog(net)).toBe("layers.1.layers.0.some.0 (Log)");
  });

  test("the name of a function, where a Sequential was given one", () => {
    expect(layerOfLog(new Sequential(new Log().forward, selu))).toBe("layers.0 (forward)");
    expect(layerOfLog(new Sequential((x) => x.mul(1), new Sequential(ops.log)))).toBe(
      "layers.1.layers.0 (log)",
    );
  });

  test("the first of several paths, and without a class if it has none", () => {
    const shared = new Log();
    expect(
      layerOfLog(
        new Sequential(
          layerOf((x) => x.add(1)),
          layerOf((x) => x.sub(1)),
          shared,
          shared,
        ),
      ),
    ).toBe("layers.2 (Log)");
    expect(layerOfLog(layerOf(log as Layer["forward"]))).toBe("net");
    expect(layerOfLog(new Sequential(layerOf((x) => ops.log(x))))).toBe("layers.0");
  });
});

describe("the layers of a net", () => {
  const shapeOf = (layer: object) => Object.entries(Object.getOwnPropertyDescriptors(layer));

  test("are unchanged afterwards, also after an error", () => {
    const plain = layerOf((x) => x);
    const net = new Sequential(plain, new Log());
    const before = [net, plain, net.layers[1]].map(shapeOf);
    expect(layerOfLog(net)).toBe("layers.1 (Log)");
    expect([net, plain, net.layers[1]].map(shapeOf)).toEqual(before);
    expect(Object.hasOwn(net, "forward")).toBe(false);
  });

  test("show no new fields meanwhile, and keep their arguments and `this`", () => {
    const rng = createRng(1);
    const seen: unknown[] = [];
    class Curious extends Dense {
      override forward(x: Tensor, ...rest: []): Tensor {
        seen.push(this, rest, Object.keys(this), namedParameters(this).length);
        return super.forward(x, ...rest);
      }
    }
    const layer = new Curious(1, 1, { rng });
    const keys = Object.keys(layer);
    const mode = { train: true, rng } as const;
    trapNumerics((trap) =>
      withLayerPaths(layer, trap, () => layer.forward(tensor([[1]]), ...([mode] as unknown as []))),
    );
    expect(seen).toEqual([layer, [mode], keys, 2]);
  });

  test("may be frozen: their ops then count as those of the layer around", () => {
    const net = new Sequential(Object.freeze(new Log()), Object.freeze(layerOf((x) => x)));
    expect(layerOfLog(net)).toBe("net (Sequential)");
  });
});
