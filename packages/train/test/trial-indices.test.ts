import { createRng, mse, zeros } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, Embedding, Flatten, namedParameters, Sequential } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { expect, test } from "vitest";
import { evaluate, fit } from "../src/index.ts";

function words(wrong: number): { net: Sequential; data: Dataset } {
  const rng = createRng("words");
  const net = new Sequential(new Embedding(3, 4, { rng }), new Flatten(), new Dense(8, 1, { rng }));
  const inputs = Float64Array.from({ length: 24 }, (_, i) => (i === 19 ? wrong : i % 3));
  return { net, data: new Dataset({ inputs, inputShape: [2], targets: zeros([12, 1]) }) };
}

test.each([7, -1, 0.5])(
  "K14: an index %s that an Embedding does not have is refused before the first step",
  async (wrong) => {
    const { net, data } = words(wrong);
    const before = net.forward(zeros([1, 2])).item();
    const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
    const options = { loss: mse, optimizer, epochs: 1, batchSize: 2, rng: createRng(1) };
    const message = `sample 9 has the input ${wrong}, but the net looks it up in a table of 3 rows: inputs must be whole numbers from 0 to 2`;
    await expect(fit(net, data, options)).rejects.toThrow(`fit: ${message}`);
    expect(net.forward(zeros([1, 2])).item()).toBe(before);
    expect(optimizer.stepCount).toBe(0);
    expect(() => evaluate(net, data, { loss: mse })).toThrow(`evaluate: ${message}`);
  },
);

test("K14: indices that the table has are taken", () => {
  const { net, data } = words(2);
  expect(evaluate(net, data, { loss: mse }).loss).toBeGreaterThan(0);
});
