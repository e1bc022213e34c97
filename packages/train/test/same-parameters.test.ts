import { createRng, crossEntropy, relu, type Tensor } from "@gradus/core";
import { Dense, type Layer, namedParameters, Sequential, Tanh } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import type { Callback } from "../src/index.ts";
import { fit } from "../src/index.ts";
import { points } from "./support.ts";

const dense = (inputs: number, outputs: number): Dense =>
  new Dense(inputs, outputs, { rng: createRng(`${inputs} ${outputs}`) });
const made = (): Sequential => new Sequential(dense(2, 4), relu, dense(4, 2));

/** Trains for two epochs of three steps, or less. @returns the weights of the first layer, and the message of the error. */
async function trained(
  net: Layer & { readonly layers?: readonly unknown[] },
  callbacks: readonly Callback[],
  compile: boolean,
): Promise<{ first: number[]; error: string }> {
  const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
  const options = { optimizer, loss: crossEntropy, epochs: 2, batchSize: 2, rng: createRng(1), compile };
  const error = await fit(net, points(6), { ...options, callbacks }).then(
    () => "",
    (reason: Error) => `${reason.name}: ${reason.message}`,
  );
  return { first: [...namedParameters(net)[0][1].data], error };
}

const JOINED = /^ArgumentError: fit: layers\.3\.weight, a parameter of shape \[2,2\], joined the net after/;
const LEFT = /^ArgumentError: fit: layers\.2\.weight, a parameter of shape \[4,2\], left the net during/;

/** What a callback may do to the list of layers. */
const changes: Readonly<Record<string, [change: (layers: unknown[]) => void, message: RegExp]>> = {
  "adds a layer": [(layers) => layers.push(dense(2, 2)), JOINED],
  "replaces a layer": [(layers) => layers.splice(2, 1, dense(4, 2)), /layers\.2\.weight, .* joined the net/],
  "takes a layer out": [(layers) => layers.pop(), LEFT],
  "puts another weight into a layer": [
    (layers) => Object.assign(layers[2] as object, { weight: dense(4, 2).weight }),
    /layers\.2\.weight, .* joined the net/,
  ],
};

describe.each([true, false])("K18: with compile: %s fit refuses a callback that", (compile) => {
  describe.each(Object.entries(changes))("%s", (_, [change, message]) => {
    test("at the end of a batch, before the next step", async () => {
      const once: Callback = {
        onBatchEnd: ({ step }, { net }) => {
          if (step === 2) change((net as unknown as { layers: unknown[] }).layers);
        },
      };
      const stopped: Callback = { onBatchEnd: ({ step }, { stop }) => void (step === 2 && stop("enough")) };
      const [changed, short] = [
        await trained(made(), [once], compile),
        await trained(made(), [stopped], compile),
      ];
      expect(changed.error).toMatch(message);
      expect(changed.first).toEqual(short.first);
    });

    test("at the end of an epoch, before the next one", async () => {
      const once: Callback = {
        onEpochEnd: (_, { net }) => void change((net as unknown as { layers: unknown[] }).layers),
      };
      const stopped: Callback = { onEpochEnd: (_, { stop }) => void stop("enough") };
      const [changed, short] = [
        await trained(made(), [once], compile),
        await trained(made(), [stopped], compile),
      ];
      expect(changed.error).toMatch(message);
      expect(changed.first).toEqual(short.first);
    });
  });
});

/** As other frameworks allow: it makes its second layer when it sees the first input. */
class Lazy implements Layer {
  readonly first = dense(2, 4);
  second: Dense | null = null;
  forward(x: Tensor): Tensor {
    this.second ??= dense(4, 2);
    return this.second.forward(this.first.forward(x));
  }
}

test.each([true, false])(
  "with compile: %s fit refuses a layer that forward makes, which the optimizer does not know, before a weight changes",
  async (compile) => {
    const net = new Lazy();
    const { first, error } = await trained(net, [], compile);
    expect(error).toMatch(/fit: second\.weight, a parameter of shape \[4,2\], joined the net/);
    expect(first).toEqual([...dense(2, 4).weight.data]);
    // Now the layer exists, and a new optimizer knows it.
    expect((await trained(net, [], compile)).error).toBe("");
    expect([...(net.second as Dense).weight.data]).not.toEqual([...dense(4, 2).weight.data]);
  },
);

test("fields that hold no parameters may change, and a layer without parameters may be replaced", async () => {
  const net = made();
  const callbacks: Callback[] = [
    {
      onEpochEnd: (_, training) => {
        const { layers } = training.net as unknown as { layers: unknown[] };
        Object.assign(layers[0] as object, { note: "kept" });
        layers.splice(1, 1, new Tanh());
      },
    },
  ];
  expect((await trained(net, callbacks, true)).error).toBe("");
});
