import { backward, type Gradients, square, sum, type Tensor, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Adam, type GradientSource, SGD } from "../../src/index.ts";
import { CONSTRUCTORS, gradientsOf, messageOf, parameter, VARIANTS } from "../support.ts";

describe("a step", () => {
  const make = (options: object = {}) => {
    const w = parameter([1, 2]);
    const b = parameter(Array<number>(10).fill(0));
    const pairs = [
      ["layers.2.weight", w],
      ["layers.2.bias", b],
    ] as const;
    return { w, b, adam: new Adam(pairs, options), zeros: Array<number>(10).fill(0) };
  };
  const expectUntouched = ({ w, adam }: ReturnType<typeof make>) => {
    expect([...w.data]).toEqual([1, 2]);
    expect(adam.stepCount).toBe(0);
    expect(
      Object.values(adam.state().slots)
        .flatMap(({ m, v }) => [...m, ...v])
        .every((s) => s === 0),
    ).toBe(true);
  };

  test("takes the gradients of backward and tells the graph that the weights changed", () => {
    const x = parameter([3]);
    const loss = sum(square(x));
    const gradients: Gradients = backward(loss);
    new SGD([["x", x]], { learningRate: 0.5 }).step(gradients);
    expect(x.data[0]).toBe(0);
    expect(() => backward(loss)).toThrow(/changed in place/);
  });

  test("refuses a parameter without a gradient, by name, before anything is written", () => {
    const net = make();
    expect(messageOf(() => net.adam.step(gradientsOf([net.w], [[1, 1]])))).toBe(
      'GradientError: adam.step: no gradient for "layers.2.bias" [10]; not part of the loss?',
    );
    expect(messageOf(() => net.adam.step(new Map()))).toBe(
      'GradientError: adam.step: no gradient for "layers.2.weight" [2], "layers.2.bias" [10]; not part of the loss?',
    );
    expectUntouched(net);
  });

  test("refuses a gradient of another shape before anything is written", () => {
    const net = make();
    const gradients = gradientsOf([net.w, net.b], [[1, 1], net.zeros]);
    gradients.set(net.b, tensor([[1, 2]]));
    expect(messageOf(() => net.adam.step(gradients))).toBe(
      'ShapeError: adam.step: the gradient of "layers.2.bias" has shape [1,2], the parameter [10]',
    );
    expectUntouched(net);
  });

  test("refuses a gradient that is no tensor", () => {
    const net = make();
    const gradients = { get: () => [1, 2] } as unknown as GradientSource;
    expect(messageOf(() => net.adam.step(gradients))).toBe(
      'ArgumentError: adam.step: the gradient of "layers.2.weight" is no tensor but [1,2]',
    );
  });

  test("refuses the loss instead of its gradients, with a hint", () => {
    const { adam } = make();
    expect(messageOf(() => adam.step(tensor(1) as unknown as GradientSource))).toBe(
      "ArgumentError: adam.step: needs Gradients, got Tensor; did you mean backward(loss)?",
    );
    expect(messageOf(() => adam.step(undefined as unknown as GradientSource))).toMatch(
      /needs Gradients, got undefined$/,
    );
  });

  test.each([Number.NaN, Infinity, -0.1, "1", undefined])(
    "with a schedule that gives %s is refused before anything is written",
    (rate) => {
      const net = make({ learningRate: () => rate });
      const step = () => net.adam.step(gradientsOf([net.w, net.b], [[1, 1], net.zeros]));
      expect(messageOf(step)).toMatch(
        /^ArgumentError: adam\.step: the learning rate of step 0 must be a finite number ≥ 0, got /,
      );
      expectUntouched(net);
    },
  );

  test("changes no group if the schedule of another throws", () => {
    const [w, b] = [parameter([1]), parameter([2])];
    const sgd = new SGD(
      [
        { parameters: [["w", w]] },
        {
          parameters: [["b", b]],
          learningRate: () => {
            throw new Error("no rate");
          },
        },
      ],
      { momentum: 0.9, weightDecay: 0.1, decoupledWeightDecay: true },
    );
    const before = sgd.state();
    expect(messageOf(() => sgd.step(gradientsOf([w, b], [[1], [1]])))).toBe("Error: no rate");
    expect([w.data[0], b.data[0]]).toEqual([1, 2]);
    expect(sgd.state()).toEqual(before);
  });

  test("asks its schedule with the number of steps made so far", () => {
    const asked: number[] = [];
    const x = parameter([1]);
    const learningRate = (step: number): number => {
      asked.push(step);
      return 0.1;
    };
    const sgd = new SGD([["x", x]], { learningRate });
    for (let i = 0; i < 3; i++) sgd.step(gradientsOf([x], [[1]]));
    expect(asked).toEqual([0, 1, 2]);
    expect(sgd.stepCount).toBe(3);
  });

  test("does not change the gradients, with or without clipping and decay", () => {
    for (const [, name, options] of VARIANTS) {
      const x = parameter([1, 2]);
      const gradients = gradientsOf([x], [[3, -4]]);
      const optimizer = new CONSTRUCTORS[name]([["x", x]], {
        clip: { norm: 1 },
        ...options,
        weightDecay: 0.1,
      });
      optimizer.step(gradients);
      expect(gradients.get(x)?.toArray()).toEqual([3, -4]);
    }
  });

  test("reads gradients that share storage with parameters before it changes those", () => {
    const [x, y] = [parameter([1]), parameter([10])];
    const sgd = new SGD(
      [
        ["x", x],
        ["y", y],
      ],
      { learningRate: 0.1, weightDecay: 0.5, decoupledWeightDecay: true },
    );
    sgd.step(
      new Map([
        [x, y],
        [y, x],
      ]),
    );
    expect([x.data[0], y.data[0]]).toEqual([0.95 - 1, 9.5 - 0.1]);
  });

  test.each([
    ["plain", {}, [1 - 0.1 * 1, 10 - 0.1 * 1, 100 - 0.1 * 10]],
    ["with L2 decay", { weightDecay: 0.5 }, [1 - 0.1 * 1.5, 10 - 0.1 * 6, 100 - 0.1 * 60]],
    ["clipped", { clip: { value: 5 } }, [1 - 0.1 * 1, 10 - 0.1 * 1, 100 - 0.1 * 5]],
    ["clipped by norm", { clip: { norm: 5 } }, [1 - 0.1 * 1, 10 - 0.1 * 1, 100 - 0.1 * 5]],
  ] as const)("takes a parameter, or what shares its numbers, for a gradient: %s", (_, options, expected) => {
    const [x, y, z] = [parameter([1]), parameter([10]), parameter([100])];
    const sgd = new SGD(
      [
        ["x", x],
        ["y", y],
        ["z", z],
      ],
      { learningRate: 0.1, ...options },
    );
    // Its own, that of the one before in another tensor, and that of the one before.
    const gradients = new Map<Tensor, Tensor>([
      [x, x],
      [y, x.detach()],
      [z, y],
    ]);
    for (const [key, g] of gradients) expect(g.storage === key.storage).toBe(key === x);
    sgd.step(gradients);
    expect([x.data[0], y.data[0], z.data[0]]).toEqual(expected);
  });

  test("clips first, then decays, as PyTorch's and Keras' training loops do", () => {
    const l2 = parameter([2]);
    new SGD([["x", l2]], { learningRate: 1, clip: { value: 1 }, weightDecay: 3 }).step(
      gradientsOf([l2], [[50]]),
    );
    expect(l2.data[0]).toBe(2 - (1 + 6));
    const decoupled = parameter([2]);
    const options = { learningRate: 1, clip: { norm: 1 }, weightDecay: 0.25, decoupledWeightDecay: true };
    new SGD([["x", decoupled]], options).step(gradientsOf([decoupled], [[50]]));
    expect(decoupled.data[0]).toBe(1.5 - 1);
  });
});
