import { namedParameters } from "@gradus/nn";
import { type Callback, fit, type Training } from "../../src/index.ts";
import { optionsFor, points, smallNet } from "../support.ts";

export const hooks = ["onTrainBegin", "onEpochBegin", "onBackward", "onBatchEnd", "onEpochEnd"] as const;

export type Hook = (typeof hooks)[number];

/** Does something the n-th time a hook is called, with the training at hand. */
export function at(hook: Hook, n: number, act: (training: Training) => unknown): Callback {
  let calls = 0;
  return { [hook]: (...args: unknown[]) => (++calls === n ? act(args.at(-1) as Training) : undefined) };
}

/** The parameters, without buffers: forward passes change those. */
export const weightsOf = (net: object) => namedParameters(net).map(([, x]) => [...x.data]);

/** The weights after so many steps of an undisturbed training. */
export async function weightsAfter(steps: number): Promise<number[][]> {
  const net = smallNet();
  const all = [weightsOf(net)];
  const callbacks = [{ onBatchEnd: () => void all.push(weightsOf(net)) }];
  await fit(net, points(10), optionsFor(net, { callbacks, epochs: 3 }));
  return all[steps];
}

/** Steps that are made and epochs that are logged if a hook ends training when called the second time. */
export const expected: Record<Hook, { n: number; steps: number; epochs: number; last: string }> = {
  onTrainBegin: { n: 1, steps: 0, epochs: 0, last: "begin" },
  onEpochBegin: { n: 2, steps: 3, epochs: 1, last: "epoch 2 begin" },
  onBackward: { n: 5, steps: 4, epochs: 1, last: "backward 2.2" },
  onBatchEnd: { n: 5, steps: 5, epochs: 1, last: "batch 2.2" },
  onEpochEnd: { n: 2, steps: 6, epochs: 2, last: "epoch 2 end" },
};
