import { Tensor } from "@gradus/core";
import {
  compute,
  type Hook,
  hearTargets,
  located,
  runUpdate,
  Storage,
  type TargetDomain,
  withHook,
} from "@gradus/core/internal";
import { type GivenLogarithms, OF_LOGARITHMS } from "./trial-outputs.ts";

/** A loss of core that was called in a trial. @internal */
export interface CalledLoss {
  /** The targets that it takes. */
  readonly domain: TargetDomain;
  /** Whether it was given the numbers of the batch's targets, in the same order. */
  readonly unchanged: boolean;
  /** Computes what it is given from the targets of another batch of the same shape. */
  given(targets: Tensor): Tensor;
}

/** An op on nothing but targets and constants, as the trial ran it. */
interface Note {
  readonly out: Storage;
  run(find: (x: Tensor) => Tensor): Tensor;
}

/**
 * Runs the loss of a training on a batch, op by op, and notes the losses of core inside it. Left out are those whose targets
 * depend on the output of the net, as in reinforcement learning.
 *
 * @param into receives what was found, also if `run` throws. @param logarithms likewise what losses of logarithms were given
 * of the output. @internal
 */
export function noteLosses<T>(
  output: Tensor,
  targets: Tensor,
  into: CalledLoss[],
  logarithms: GivenLogarithms[],
  run: () => T,
): T {
  const unchanged = new Set<Storage>([targets.storage]);
  const fromTargets = new Set<Storage>([targets.storage]);
  const fromOutput = new Set<Storage>([output.storage]);
  const notes: Note[] = [];
  const hook: Hook = {
    op(spec, inputs, shape, params) {
      const out = new Storage(compute(spec, inputs, shape, params));
      if (inputs.some(({ storage }) => fromOutput.has(storage))) {
        fromOutput.add(out);
      } else if (inputs.some(({ storage }) => fromTargets.has(storage))) {
        fromTargets.add(out);
        const run = (find: (x: Tensor) => Tensor): Tensor => {
          try {
            return new Tensor(compute(spec, inputs.map(find), shape, params), shape);
          } catch (error) {
            throw located(
              error,
              spec.name,
              inputs.map((input) => input.shape),
            );
          }
        };
        notes.push({ out, run });
        if (spec.kernel?.layout === "sameNumbers" && unchanged.has(inputs[0].storage)) unchanged.add(out);
      }
      return out;
    },
    update: runUpdate,
    within({ name: loss }, [x], compute) {
      if (OF_LOGARITHMS.has(loss) && fromOutput.has(x.storage)) logarithms.push({ loss, x });
      return compute();
    },
  };
  const hear = (target: Tensor, domain: TargetDomain): void => {
    if (!fromTargets.has(target.storage)) return;
    const before = [...notes];
    const given = (batch: Tensor): Tensor => {
      const now = new Map([[targets.storage, batch]]);
      const find = (x: Tensor): Tensor => new Tensor((now.get(x.storage) ?? x).data, x.shape);
      for (const { out, run } of before) now.set(out, run(find));
      return find(target);
    };
    into.push({ domain, unchanged: unchanged.has(target.storage), given });
  };
  return withHook(hook, () => hearTargets(hear, run));
}
