import { createRng, FormatError, Parameter, type Tensor, tensor } from "@gradus/core";
import { BatchNorm, Dense, namedParameters, namedTensors, Sequential } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { loadWeights, readSafetensors, saveWeights, writeSafetensors } from "../src/index.ts";

/** A net with parameters and buffers. */
function smallNet(seed = "net"): Sequential {
  const rng = createRng(seed);
  return new Sequential(
    new Dense(2, 4, { rng: rng.split("hidden") }),
    new BatchNorm(4),
    new Dense(4, 2, { rng: rng.split("output") }),
  );
}

/** All numbers of a net, buffers included, as bits. */
function bitsOf(net: object): bigint[] {
  return namedTensors(net).flatMap(([, x]) => [...new BigUint64Array(x.data.slice().buffer)]);
}

describe("weights", () => {
  test("are restored bit for bit, buffers included", () => {
    const net = smallNet("one");
    namedTensors(net)[0][1].assign([-0, 5e-324, 1e300, Number.NaN, Number.NEGATIVE_INFINITY, 1 / 3, 2, 3]);
    const other = smallNet("two");
    loadWeights(other, saveWeights(net));
    expect(bitsOf(other)).toEqual(bitsOf(net));
  });

  test("can be loaded from a checkpoint: those of its part net", () => {
    const net = smallNet("one");
    const other = smallNet("two");
    const parts = namedTensors(net).map(([name, x]): [string, Tensor] => [`net/${name}`, x]);
    const checkpoint = writeSafetensors([...parts, ["optimizer/slots/m", tensor([1])]], {
      metadata: [["gradus", "checkpoint"]],
      digest: true,
    });
    loadWeights(other, checkpoint);
    expect(bitsOf(other)).toEqual(bitsOf(net));
  });

  test("can be saved in half the space, rounded", () => {
    const net = smallNet();
    const file = readSafetensors(saveWeights(net, { dtype: "F32" }));
    const [name, x] = namedTensors(net)[0];
    expect(file.info(name).dtype).toBe("F32");
    expect([...file.tensor(name).data]).toEqual([...x.data].map(Math.fround));
    expect(() => saveWeights(net, { dtype: "F16" as never })).toThrow(
      'saveWeights: dtype must be "F64" or "F32", got "F16"',
    );
    expect(() => saveWeights(net, { type: "F32" } as never)).toThrow(
      'saveWeights: unknown option "type"; did you mean "dtype"? It takes { dtype }',
    );
  });

  test("of another net are refused: one message lists all that is missing, unexpected and of another shape, and nothing is changed", () => {
    const rng = createRng(1);
    const net = new Sequential(new Dense(2, 3, { rng }), new Dense(3, 1, { rng }));
    const before = bitsOf(net);
    const file = writeSafetensors([
      ["layers.0.weight", tensor([[1, 2]])],
      ["layers.0.bias", tensor([1, 2, 3])],
      ["layers.1.bias", tensor([[1]])],
      ["head", tensor([1])],
      ["__proto__", tensor([1])],
    ]);
    const load = (): void => loadWeights(net, file);
    expect(load).toThrow(FormatError);
    expect(load).toThrow(
      'loadWeights: the weights are those of another net: missing "layers.1.weight"; unexpected "head", "__proto__"; ' +
        '"layers.0.weight" is [1,2] where the net has [2,3]; "layers.1.bias" is [1,1] where the net has [1]',
    );
    expect(bitsOf(net)).toEqual(before);
  });
});

test("R3: what is no net is not saved: nothing, or parameters under their numbers", () => {
  const net = { weight: new Parameter([1, 2]) };
  expect(() => saveWeights(namedParameters(net))).toThrow(
    "saveWeights: needs the net, got a list of names and tensors; writeSafetensors(pairs) writes tensors by name",
  );
  for (const nothing of [{}, [], new Map(), Promise.resolve(net)]) {
    expect(() => saveWeights(nothing)).toThrow("saveWeights: needs the net, got an object without tensors");
  }
  expect(saveWeights([net, net.weight]).length).toBeGreaterThan(0);
});
