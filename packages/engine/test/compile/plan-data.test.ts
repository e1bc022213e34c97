import {
  backward,
  createRng,
  mse,
  ones,
  Parameter,
  type Tensor,
  tensor,
  type UpdateSpec,
  update,
  variable,
} from "@gradus/core";
import { SGD } from "@gradus/optim";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { inputsOf, makeReady, programs } from "../../../core/test/properties/programs.ts";
import { compile, simdSupported, threads } from "../../src/index.ts";
import { inWay, WAYS } from "../ways.ts";
import { expectSound, NETS } from "./plan-nets.ts";

afterEach(() => threads(1));

describe("plan", () => {
  test.each(Object.keys(NETS))("of %s: no two buffers have the same bytes at the same time", async (net) => {
    for (const way of [...WAYS, "threads"] as const) {
      if (way === "threads") await threads(2);
      inWay(way === "threads" && simdSupported() ? "simd" : way === "threads" ? "plain" : way, () => {
        const [step, args] = NETS[net]();
        const plan = step.plan(...args);
        expectSound(plan);
        expect(step.plan(...args)).toEqual(plan);
        const run = step.profile(...args).map(({ name, by }) => [name, by]);
        expect(plan.steps.flatMap(({ name, by }) => (by === "alias" ? [] : [[name, by]]))).toEqual(run);
        for (const group of ["forward", "backward", "update"]) {
          expect(plan.steps.map((s) => s.group)).toContain(group);
        }
        const named = plan.tensors.map(({ name }) => name).filter((name) => !/^t\d+$/.test(name));
        expect(named.length).toBeGreaterThanOrEqual(6);
        step.release();
      });
    }
  });

  test("holds for random programs and their gradients", () => {
    const property = fc.property(programs(true), (program) => {
      const f = makeReady(program);
      const compiled = compile((...inputs: Tensor[]) => {
        const out = f(...inputs);
        return out.tracked ? [out, ...[...backward(out.sum()).keys()].map((x) => x.add(0))] : [out];
      });
      for (const way of WAYS)
        inWay(way, () => expectSound(compiled.plan(...inputsOf(program).map(variable))));
      compiled.release();
    });
    fc.assert(property, { numRuns: 60 });
  });

  test("is the same for another function of the same code", () => {
    const [a, b] = [NETS["a GRU"](), NETS["a GRU"]()];
    expect(a[0].plan(...a[1])).toEqual(b[0].plan(...b[1]));
  });

  test("computes nothing and draws nothing", () => {
    const weight = new Parameter([1, 2]);
    const sgd = new SGD([["weight", weight]], { learningRate: 1 });
    const stream = createRng(3);
    const state = JSON.stringify(stream.state());
    const step = compile((x: Tensor) => {
      const loss = weight
        .mul(x)
        .mul(stream.normal([2]))
        .sum();
      sgd.step(backward(loss));
      return loss;
    });
    step.plan(ones([2]));
    expect([[...weight.data], sgd.stepCount, JSON.stringify(stream.state())]).toEqual([[1, 2], 0, state]);
  });

  test("has the steps, groups and buffers that one would write down", () => {
    const w = new Parameter([[1], [2]]);
    const sgd = new SGD([["w", w]], { learningRate: 1 });
    const step = compile((x: Tensor) => {
      const y = x.matmul(w);
      y.exp();
      sgd.step(backward(y.sum()));
      return y;
    });
    inWay("blocked", () => {
      const { steps, leftOut, buffers, tensors } = step.plan(ones([3, 2]));
      expect(steps.map(({ name, group, of }) => [name, group, of])).toEqual([
        ["matmul", "forward", null],
        ["reshape", "backward", "sum"],
        ["broadcastTo", "backward", "sum"],
        ["reshape", "backward", "matmul"],
        ["matmul", "backward", "matmul"],
        ["begin", "update", null],
        ["SGD", "update", null],
        ["finish", "update", null],
      ]);
      expect(steps[0]).toEqual({
        name: "matmul",
        of: null,
        group: "forward",
        by: "loop",
        random: false,
        reads: [
          { name: "x1", shape: [3, 2] },
          { name: "w", shape: [2, 1] },
        ],
        writes: [{ name: "b1", shape: [3, 1] }],
        at: 64,
      });
      expect(leftOut).toEqual(["exp", "sum"]);
      expect(buffers[0]).toEqual({
        name: "x1",
        shape: [3, 2],
        size: 48,
        first: -1,
        last: 4,
        offset: 0,
        overwrites: null,
        sharedWith: [],
      });
      expect(buffers[1]).toMatchObject({ name: "b1", first: 0, last: 8 });
      expect(tensors[0]).toEqual({ name: "w", shape: [2, 1], size: 16 });
    });
  });

  test("names a part of a derived op, and says what draws from a random stream", () => {
    const stream = createRng(5);
    const f = compile((x: Tensor) => mse(x.add(stream.normal([2])), x));
    const { steps } = f.plan(ones([2]));
    expect(steps.flatMap(({ of, name }) => (of === "mse" ? name : []))).toEqual([
      "sub",
      "square",
      "sum",
      "div",
    ]);
    expect(steps.flatMap(({ random, name }) => (random ? name : []))).toEqual(["rng.normal"]);
  });

  test("gives each tensor a name of its own, even if optimizers have the same names", () => {
    const [a, b, c, plain] = [1, 2, 3, 4].map((value) => new Parameter([value]));
    const first = new SGD([["w", a], ["b1", c]], { learningRate: 1, momentum: 0.5 }); // biome-ignore format: one line
    const second = new SGD([["w", b]], { learningRate: 1 });
    const f = compile((x: Tensor) => {
      const gradients = backward(x.mul(a).mul(b).mul(c).mul(plain).sum());
      first.step(gradients);
      second.step(gradients);
    });
    const plan = f.plan(ones([1]));
    expectSound(plan);
    const names = plan.tensors.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["w", "w.momentum", "b1.momentum", "t1", "t2"]));
    expect(names.filter((name) => name === "w" || name === "b1")).toHaveLength(1);
  });

  test("knows views, and updates of tensors that nobody named", () => {
    const w = new Parameter([1, 2, 3, 4]);
    const double: UpdateSpec = {
      name: "double",
      run: (_, [x]) => {
        for (let i = 0; i < x.length; i++) x[i] *= 2;
      },
    };
    const f = compile((x: Tensor) => {
      update(double, [], [w], undefined);
      return x.reshape({ shape: [4] }).mul(2);
    });
    const { steps } = f.plan(ones([2, 2]));
    expect(steps.map(({ name, by }) => [name, by === "alias"])).toEqual([
      ["double", false],
      ["reshape", true],
      ["mul", false],
    ]);
    expect(steps[0]).toMatchObject({ group: "update", at: null, writes: [{ name: "t1", shape: [4] }] });
    expect(steps[1].writes).toEqual([{ name: "x1", shape: [4] }]);
  });

  test("refuses what a call refuses", () => {
    const f = compile((x: Tensor) => x.add(1));
    expect(() => f.plan(3 as never)).toThrow(/must be tensors, got 3; wrap a number/);
    expect(() => compile((x: Tensor) => x.matmul(x)).plan(ones([2, 3]))).toThrow(/matmul/);
    expect(() => compile((x: Tensor) => x.item()).plan(ones([1]))).toThrow(/not known yet/);
  });

  test("belongs to the caller: writing to it changes no later plan", () => {
    const f = compile((x: Tensor) => x.add(tensor([1, 2])));
    const before = JSON.stringify(f.plan(ones([2])));
    const plan = f.plan(ones([2])) as unknown as {
      steps: { reads: { shape: number[] }[] }[];
      buffers: { shape: number[] }[];
    };
    plan.steps[0].reads[0].shape.push(7);
    plan.buffers[0].shape.length = 0;
    expect(JSON.stringify(f.plan(ones([2])))).toBe(before);
    expect(f(ones([2])).toArray()).toEqual([2, 3]);
  });
});
