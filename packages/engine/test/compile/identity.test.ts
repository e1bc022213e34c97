import {
  add,
  backward,
  createRng,
  defineOp,
  mse,
  mul,
  type Op,
  ops,
  Parameter,
  reshape,
  type Tensor,
  tensor,
  type UpdateSpec,
  update,
  variable,
} from "@gradus/core";
import { Dataset } from "@gradus/data";
import * as nn from "@gradus/nn";
import * as optim from "@gradus/optim";
import { fit } from "@gradus/train";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { instructions } from "../../src/wasm/instructions.ts";
import { inWay, useWay, WAYS } from "../ways.ts";

/** Every name that an op or an update has in gradus, and every name of an instruction. */
const NAMES: readonly string[] = [
  ...new Set([
    ...Object.values(ops).map(({ spec }) => spec.name),
    ...Object.values(nn.layerOps).map(({ spec }) => spec.name),
    ...Object.keys(instructions),
    // Ops and updates that are not exported, and properties that every object has.
    ...["indexAdd", "scatterAdd", "place", "centre", "exponentialSlope", "bernoulliMask", "uniformNoise"],
    ...["SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "NAdam", "begin", "clip", "finish", "refuseNonFinite"],
    ...["gemm", "product", "sameNumbers", "constructor", "toString", "__proto__", ""],
  ]),
];

/** A user's own op: 100 + Σ 3ⁱ·xᵢ², with that name, and params that ops of gradus have. */
function ownOp(name: string, arity: number): Op<Tensor[], object> {
  return defineOp<Tensor[], object>({
    name,
    formula: "out = 100 + Σ 3ⁱ·xᵢ²",
    shape: ([x]: readonly (readonly number[])[]) => x ?? [4],
    forward: (inputs: readonly Tensor[], out: Float64Array) => {
      for (let i = 0; i < out.length; i++) {
        out[i] = 100;
        for (let j = 0; j < arity; j++) out[i] += 3 ** j * inputs[j].data[i] * inputs[j].data[i];
      }
    },
    vjp: Array.from({ length: arity }, (_, i) => (g: Tensor, { inputs }: { inputs: Tensor[] }) => {
      return mul(mul(g, inputs[i]), 2 * 3 ** i);
    }),
    defaults: { shape: [4], axes: [0], axis: 0, probability: 0.5, low: 0, high: 1, alpha: 1, slope: 1 },
  } as never) as Op<Tensor[], object>;
}

/** Runs `check` with each way of computing. */
function inEveryWay(check: () => void): void {
  for (const way of WAYS) inWay(way, check);
}

describe("an op is its declaration, whatever its name", () => {
  test.each(NAMES)("%s, of 0 to 3 inputs, compiled", (name) => {
    const inputs = [tensor([1, -2, 3, 0.5]), tensor([0, 5, -1, 2]), tensor([7, 1, 1, -3])];
    for (let arity = 0; arity <= 3; arity++) {
      const op = ownOp(name, arity);
      const given = inputs.slice(0, arity);
      const run = (...x: Tensor[]): Tensor => add(op(...x), 0);
      const gradient = (...x: Tensor[]): Tensor[] => {
        const marked = x.map((one) => variable(one));
        const gradients = backward(op(...marked).sum());
        return marked.map((one) => gradients.of(one));
      };
      const values = Array.from({ length: 4 }, (_, i) =>
        given.reduce((sum, x, j) => sum + 3 ** j * x.data[i] * x.data[i], 100),
      );
      const slopes = given.map((x, j) => [...x.data].map((value) => 2 * 3 ** j * value + 0));
      inEveryWay(() => {
        expect(run(...given).toArray()).toEqual(values);
        const compiled = compile(run);
        expect(compiled(...given).toArray()).toEqual(values);
        expect(compiled(...given).toArray()).toEqual(values);
        if (arity === 0) return;
        const found = compile(gradient)(...given).map((g) => [...g.data].map((value) => value + 0));
        expect(found).toEqual(slopes);
      });
    }
  });

  test.each(NAMES)("an op called %s between reshapes", (name) => {
    const op = ownOp(name, 1);
    const run = (x: Tensor): Tensor => reshape(op(reshape(x, { shape: [4] })), { shape: [2, 2] });
    inEveryWay(() => {
      expect(
        compile(run)(
          tensor([
            [1, 2],
            [3, 4],
          ]),
        ).toArray(),
      ).toEqual([
        [101, 104],
        [109, 116],
      ]);
    });
  });

  test.each(NAMES)("an update called %s", (name) => {
    const descend: UpdateSpec<{ factor: number }> = {
      name,
      run([g], [x], { factor }) {
        for (let i = 0; i < x.length; i++) x[i] += factor * g[i] + 1;
      },
    };
    inEveryWay(() => {
      const x = new Parameter([1, 2, 3]);
      const step = compile((g: Tensor) => {
        update(descend, [g], [x], { factor: 10 });
        return mul(x, 1);
      });
      expect(step(tensor([1, 0, -1])).toArray()).toEqual([12, 3, -6]);
      expect(step(tensor([1, 0, -1])).toArray()).toEqual([23, 4, -15]);
      expect(x.toArray()).toEqual([23, 4, -15]);
    });
  });

  test.each(NAMES)("a net under fit that uses an op called %s", async (name) => {
    const op = ownOp(name, 1);
    const data = new Dataset({
      inputs: createRng("inputs").normal([8, 3]),
      targets: createRng("targets").normal([8, 2]),
    });
    const trained = async (compiled: boolean): Promise<number[][]> => {
      const dense = new nn.Dense(3, 2, { rng: createRng("weights") });
      const net = { dense, forward: (x: Tensor) => op(dense.forward(x)) };
      const optimizer = new optim.SGD(nn.namedParameters(net), { learningRate: 1e-4 });
      await fit(net, data, {
        optimizer,
        loss: mse,
        epochs: 2,
        batchSize: 4,
        rng: createRng("fit"),
        compile: compiled,
      });
      return nn.namedParameters(net).map(([, x]) => [...x.data]);
    };
    const expected = await trained(false);
    for (const way of WAYS) {
      const back = useWay(way);
      try {
        expect(await trained(true)).toEqual(expected);
      } finally {
        back();
      }
    }
  });
});
