import { ArgumentError, ones, relu, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { type Activation, FunctionLayer, type Mode, SELU } from "../../src/index.ts";

describe("FunctionLayer", () => {
  test("applies its function to the input alone, in every mode", () => {
    const seen: unknown[][] = [];
    const spy = (...args: unknown[]): Tensor => {
      seen.push(args);
      return tensor(5);
    };
    const x = ones([2]);
    expect(new FunctionLayer(spy).forward(x, { train: false }).item()).toBe(5);
    expect(seen).toEqual([[x]]);
    // An op would take a second argument for its params.
    expect(new FunctionLayer(relu).forward(tensor([-1, 2]), {} as Mode).toArray()).toEqual([0, 2]);
  });

  test("has the name of the op or of the function", () => {
    expect(String(new FunctionLayer(relu))).toBe("relu");
    expect(
      String(
        new FunctionLayer(function double(x) {
          return x.mul(2);
        }),
      ),
    ).toBe("double");
    expect(
      String(
        new FunctionLayer(
          (
            () => (x: Tensor) =>
              x
          )(),
        ),
      ),
    ).toBe("function");
  });

  test("refuses anything but a function, and the class of a layer", () => {
    for (const bad of [undefined, null, 3, "selu", new SELU()]) {
      expect(() => new FunctionLayer(bad as unknown as Activation)).toThrow(ArgumentError);
    }
    expect(() => new FunctionLayer(SELU as unknown as Activation)).toThrow(
      "FunctionLayer: activation must be a function such as selu, got class SELU",
    );
  });

  test("refuses a result that is no tensor, naming the function", () => {
    const forgot = ((x: Tensor) => {
      x.mul(2);
    }) as unknown as Activation;
    expect(() => new FunctionLayer(forgot).forward(ones([1]))).toThrow(
      "forgot: the function must return a tensor, got undefined",
    );
  });
});
