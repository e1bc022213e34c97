import { createRng } from "@gradus/core";
import { Dense, layerOutputs, Sequential } from "@gradus/nn";
import { snnReport } from "@gradus/snn";
import { describe, expect, test } from "vitest";
import { predict, predictor, summary } from "../../src/index.ts";
import { Towers, towers } from "./towers.ts";

describe("several inputs: predict, predictor, layerOutputs, summary, snnReport", () => {
  const net = new Towers();
  const data = towers(100);
  const { inputs } = data.all();
  const expected = net.forward(inputs).toArray();

  test("several inputs: predict takes a dataset or tensors by name, in any order, in batches or at once", () => {
    expect(predict(net, data).toArray()).toEqual(expected);
    expect(predict(net, { table: inputs.table, image: inputs.image }).toArray()).toEqual(expected);
    expect(predict(net, data, { batchSize: 7 }).toArray()).toEqual(expected);
    expect(predict(net, data.take(3)).toArray()).toEqual((expected as number[][]).slice(0, 3));
  });

  test("several inputs: predictor keeps the net compiled, and follows it", () => {
    const own = new Towers();
    const answer = predictor(own);
    expect(answer(inputs).toArray()).toEqual(expected);
    expect(answer({ table: inputs.table, image: inputs.image }).toArray()).toEqual(expected);
    own.head.weight.assign(own.head.weight.mul(2));
    expect(answer(inputs).toArray()).toEqual(own.forward(inputs).toArray());
    expect(answer.release()).toBeUndefined();
    expect(answer(inputs).toArray()).toEqual(own.forward(inputs).toArray());
  });

  const chain = new Sequential(
    new Towers(),
    new Dense(1, 8, { rng: createRng(1) }),
    (x) => x.selu(),
    new Dense(8, 2, { rng: createRng(2) }),
  );

  test("several inputs: the first layer of a Sequential may take them", () => {
    expect(layerOutputs(chain, inputs).map(({ path, output }) => [path, output.shape])).toEqual([
      ["layers.0", [100, 1]],
      ["layers.1", [100, 8]],
      ["layers.2", [100, 8]],
      ["layers.3", [100, 2]],
    ]);
    expect(layerOutputs(chain, inputs)[3].output.toArray()).toEqual(chain.forward(inputs).toArray());
    expect(predict(chain, inputs).toArray()).toEqual(chain.forward(inputs).toArray());
    expect(() => chain.forward(data.all() as never)).toThrow(/pass batch\.inputs/);
    expect(() => new Sequential().forward(inputs as never)).toThrow(
      /Sequential\(\): forward takes a tensor, got Object; a layer that takes several inputs by name must put them together/,
    );
  });

  test("several inputs: summary takes a shape for each name", () => {
    const text = summary(chain, { image: [2, 2], table: [3] });
    expect(text).toMatch(
      /input image +\[n,2,2\] +0\ninput table +\[n,3\] +0\nTowers +\[n,1\] +35\nDense\(1, 8\) +\[n,8\] +16\n/,
    );
    expect(() => summary(chain, { image: [2, 2], table: [-1] })).toThrow(/^summary: table/);
    expect(() => summary(chain, { image: [2, 2] } as never)).toThrow(/reads "table"/);
  });

  test("several inputs: snnReport is about the layers behind the towers", () => {
    const report = snnReport(chain, inputs);
    expect(report.samples).toBe(100);
    expect(report.layers.map(({ name }) => name.slice(0, 3))).toEqual(["1→8", "8→2"]);
    expect(() => snnReport(net, inputs)).toThrow(
      /no Dense or convolution layer to report on; it sees those behind the layer/,
    );
    expect(() => snnReport(chain, { ...inputs, table: inputs.table.mul(Number.NaN) })).toThrow(
      "snnReport: sample 0 of the input table of the batch holds NaN",
    );
  });
});
