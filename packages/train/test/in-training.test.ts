import { createRng } from "@gradus/core";
import { Dense, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { fit } from "../src/index.ts";
import { bitsOf, optionsFor, points, rejection } from "./support.ts";

describe("R4: two trainings that would change the same parameters at the same time", () => {
  const dense = (name: string): Dense => new Dense(2, 2, { rng: createRng(name) });
  test("of two nets that share a layer: the second is refused, and the first is as if alone", async () => {
    const [shared, alone] = [dense("shared"), dense("shared")];
    const [first, second] = [new Sequential(shared, dense("a")), new Sequential(shared, dense("b"))];
    const running = fit(first, points(8), optionsFor(first));
    const error = await rejection(fit(second, points(8), optionsFor(second)));
    expect(String(error)).toBe(
      "ArgumentError: fit: parameters of this optimizer are being trained already; await the first fit before the next",
    );
    await running;
    const other = new Sequential(alone, dense("a"));
    await fit(other, points(8), optionsFor(other));
    expect(bitsOf(first)).toEqual(bitsOf(other));
    await expect(fit(second, points(8), optionsFor(second))).resolves.toBeDefined();
  });

  test("with one optimizer", async () => {
    const net = new Sequential(dense("a"));
    const around = { net, forward: net.forward.bind(net) };
    const optimizer = new SGD(namedParameters(net));
    const running = fit(net, points(8), optionsFor(net, { optimizer }));
    const error = await rejection(fit(around, points(8), optionsFor(net, { optimizer })));
    expect(String(error)).toMatch("this optimizer is being trained already");
    await running;
  });

  test("are allowed if each optimizer has parameters of its own", async () => {
    const shared = dense("shared");
    const nets = [new Sequential(shared, dense("a")), new Sequential(shared, dense("b"))];
    const trained = nets.map((net) => {
      const optimizer = new SGD(namedParameters(net.layers[1]));
      return fit(net, points(8), optionsFor(net, { optimizer }));
    });
    await expect(Promise.all(trained)).resolves.toHaveLength(2);
  });
});
