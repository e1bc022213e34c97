import { backward, createRng, mse, type Rng, type Tensor, zeros } from "@gradus/core";
import {
  AlphaDropout,
  Conv2d,
  Dense,
  Flatten,
  GRU,
  type Layer,
  MaxPool2d,
  namedParameters,
  SELU,
  Sequential,
  TransformerBlock,
} from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { expect } from "vitest";
import { type Compiled, type CompiledPlan, compile } from "../../src/index.ts";

export const rng: Rng = createRng("plans");

/** A training step of a net, with arguments for it. */
export function training(net: Layer, shape: number[]): [step: Compiled<Tensor[], Tensor>, args: Tensor[]] {
  const adam = new Adam(namedParameters(net), { clip: { globalNorm: 1 } });
  const step = compile((x: Tensor, target: Tensor): Tensor => {
    const loss = mse(net.forward(x, { train: true, rng }), target);
    adam.step(backward(loss));
    return loss;
  });
  const x = rng.normal(shape);
  return [step as Compiled<Tensor[], Tensor>, [x, zeros(net.forward(x).shape)]];
}

export const NETS: Record<string, () => ReturnType<typeof training>> = {
  "a perceptron with AlphaDropout": () =>
    training(
      new Sequential(new Dense(5, 7, { rng }), new SELU(), new AlphaDropout(0.1), new Dense(7, 2, { rng })),
      [6, 5],
    ),
  "a LeNet": () =>
    training(
      new Sequential(
        new Conv2d(1, 4, 3, { rng }),
        new SELU(),
        new MaxPool2d(2),
        new Flatten(),
        new Dense(36, 3, { rng }),
      ),
      [4, 8, 8, 1],
    ),
  "a GRU": () => training(new Sequential(new GRU(3, 5, { rng }), new Dense(5, 1, { rng })), [4, 7, 3]),
  "a transformer": () => training(new TransformerBlock(8, 2, { rng }), [2, 5, 8]),
};

/** Everything that holds for each plan, said again without the layout's own words. */
export function expectSound(plan: CompiledPlan): void {
  const { steps, buffers, tensors } = plan;
  const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  const all = [...buffers, ...tensors];
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { shape, size } of all) expect(size).toBe(8 * elements(shape));
  expect(plan.sumOfBuffers).toBe(buffers.reduce((total, { size }) => total + size, 0));
  expect(Math.max(0, ...buffers.map(({ offset, size }) => offset + size))).toBeLessThanOrEqual(plan.total);

  for (const { group, by } of steps) {
    expect(["forward", "backward", "update"]).toContain(group);
    expect(["engine", "loop", "alias"]).toContain(by);
  }
  const sizes = new Map(all.map(({ name, size }) => [name, size]));
  for (const operand of steps.flatMap(({ reads, writes }) => [...reads, ...writes])) {
    expect(sizes.get(operand.name)).toBe(8 * elements(operand.shape));
  }
  for (const { name, first, last } of buffers) {
    const used = steps.flatMap(({ reads, writes }, i) =>
      [...reads, ...writes].some((operand) => operand.name === name) ? i : [],
    );
    if (first >= 0) expect(used[0]).toBe(first);
    if (last < steps.length) expect(Math.max(first, ...used)).toBe(last);
  }
  buffers.forEach((b, i) => {
    const shared = buffers
      .slice(0, i)
      .filter((a) => a.offset < b.offset + b.size && b.offset < a.offset + a.size);
    expect(b.sharedWith).toEqual(shared.map(({ name }) => name));
    for (const a of shared) {
      if (a.name !== b.overwrites) expect(a.last).toBeLessThan(b.first);
      else expect([a.last, a.offset, a.size]).toEqual([b.first, b.offset, b.size]);
    }
  });
}
