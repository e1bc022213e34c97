import { leakyRelu, ranges, type SlopeParams, selu, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { FunctionLayer, LeakyReLU, SELU } from "../../src/index.ts";
import { type ActivationWith, activation, type PlainActivation } from "../../src/layers/activation.ts";

describe("activation makes a class", () => {
  test("with the given name, for an op without options", () => {
    const Selu: PlainActivation = activation("Selu", selu);
    const layer = new Selu();
    expect(layer).toBeInstanceOf(Selu);
    expect(layer).toBeInstanceOf(FunctionLayer);
    expect(layer).not.toBeInstanceOf(SELU);
    expect([Selu.name, layer.constructor.name, String(layer)]).toEqual(["Selu", "Selu", "Selu()"]);
    expect(layer.activation).toBe(selu);
    expect(layer.forward(tensor([1])).data).toEqual(selu(tensor([1])).data);
  });

  test("whose options are fields, with the defaults of the op or of the declaration", () => {
    const Own: ActivationWith<SlopeParams> = activation("Own", leakyRelu, {
      ranges: { slope: ranges.finite },
      defaults: { slope: 0.5 },
      brief: true,
    });
    expect([new LeakyReLU().slope, new Own().slope, new Own({ slope: 2 }).slope]).toEqual([0.01, 0.5, 2]);
    expect([String(new Own()), String(new Own({ slope: 2 }))]).toEqual(["Own()", "Own(slope=2)"]);
    expect(new Own().forward(tensor([-2])).toArray()).toEqual([-1]);
    expect(new Own().activation(tensor([-2])).toArray()).toEqual([-1]);
    expect(Object.keys(new Own())).toContain("slope");
  });

  test("whose fields cannot be written", () => {
    const layer = new LeakyReLU({ slope: 0.2 });
    expect(() => Object.assign(layer, { slope: 0.3 })).toThrow(TypeError);
    expect([layer.slope, layer.forward(tensor([-1])).toArray()]).toEqual([0.2, [-0.2]]);
  });

  test("that can be extended", () => {
    class Twice extends LeakyReLU {
      override forward(...args: Parameters<FunctionLayer["forward"]>) {
        return super.forward(...args).mul(2);
      }
    }
    expect(new Twice({ slope: 0.5 }).forward(tensor([-1, 1])).toArray()).toEqual([-1, 2]);
    expect(new Twice()).toBeInstanceOf(LeakyReLU);
  });
});
