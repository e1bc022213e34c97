import {
  backward,
  createRng,
  crossEntropy,
  defineOp,
  type Gradients,
  huber,
  mean,
  mse,
  type OpRecord,
  type Tensor,
  tensor,
  variable,
  weightedMean,
} from "@gradus/core";
import { describe, expect, test, vi } from "vitest";
import { follow } from "../../src/compile/follow.ts";

const w = variable(tensor([0.5, -2, 1]));
const t = tensor([1, 0, 2]);
const gate = defineOp<[x: Tensor]>({
  name: "gate",
  formula: "out = x or its first element",
  shape: ([x]) => (narrow ? [1] : x),
  forward: ([x], out) => out.set(x.data.subarray(0, out.length)),
  vjp: [null],
});
let narrow = false;

/** A loss of an output, and of the number of its call. */
type Loss = (y: Tensor, call: number) => Tensor;

/** The results of six calls of a loss, followed and op by op, with the gradient of `w`; and whether it was given up. */
function both(loss: Loss): {
  readonly followed: unknown;
  readonly plain: unknown;
  readonly reasons: string[];
} {
  const reasons: string[] = [];
  let call = 0;
  const first = (x: Tensor): Tensor => x.mul(w);
  const rest = (l: Tensor): { l: Tensor; g: Gradients } => ({ l, g: backward(l) });
  const second = (y: Tensor): Tensor => loss(y, call);
  const f = follow({ first, second, rest, state: () => 0, ownSecond: false }, (why) => reasons.push(why));
  const outcome = (run: (x: Tensor) => { l: Tensor; g: Gradients }): unknown => {
    const results: unknown[] = [];
    for (call = 0; call < 6; call++) {
      const { l, g } = run(tensor([call + 1, 2, 0.5]));
      results.push([l.item(), g.of(w).toArray()]);
    }
    return results;
  };
  const followed = outcome(f);
  narrow = false;
  return { followed, plain: outcome((x) => rest(second(first(x)))), reasons };
}

const odd = (call: number): boolean => call % 2 === 1;

/** Losses that come close to what a call may leave out. */
const losses: Record<string, Loss> = {
  "the same derived op in each call": (y) => mse(y, t),
  "a derived op whose param changes": (y, call) => huber(y, t, { delta: 1 + call }),
  "a derived op whose param goes back to what it was": (y, call) => huber(y, t, { delta: odd(call) ? 1 : 2 }),
  "a derived op, and the same ops by hand with another constant": (y, call) =>
    odd(call) ? y.sub(t).square().sum().div(2) : mse(y, t),
  "a derived op, and a part of it by hand": (y, call) =>
    odd(call)
      ? mean(y.sub(t).square())
      : y
          .sub(t)
          .square()
          .sum()
          .div(call + 1),
  "a derived op that gets a number": (y, call) =>
    weightedMean(y.sum(), 1 + call).add(weightedMean(y.sum(), 3)),
  "a derived op that gets its operands in turn": (y, call) => (odd(call) ? mse(t, y) : mse(y, t)),
  "a derived op of a tensor without gradient": (y, call) => mse(odd(call) ? y.detach() : y, t).add(y.sum()),
  "a derived op that gets one tensor twice": (y, call) => mse(y, odd(call) ? y : t).add(y.sum()),
  "a derived op after ops, and ops after it": (y, call) =>
    mse(y.square(), t)
      .mul(call + 1)
      .add(y.square().sum()),
  "the gradient of a derived op, asked for in the loss": (y) => {
    const h = y.square();
    const l = mse(h, t);
    return l.add(backward(l.mul(2).add(h.sum())).of(w).square().sum());
  },
  "the second derivative of a derived op": (y) =>
    backward(mse(y.square(), t), { differentiable: true }).of(w).square().sum(),
  "an operand of the ops inside a derived op": (y) => {
    const l = mse(y, t);
    const [sum] = (l.record as OpRecord).inputs;
    return l.add(sum);
  },
  "the constant of the ops inside a derived op": (y, call) => {
    const l = mse(y, t);
    return call > 1 ? l.mul((l.record as OpRecord).inputs[1]) : l;
  },
  "a number in the place of another one": (y, call) => y.mul(call).add(2).sum(),
  "numbers in the place of one tensor": (y, call) => {
    const c = tensor(2);
    return odd(call) ? y.mul(2).add(3).sum() : y.mul(c).add(c).sum();
  },
  "two numbers in the place of one tensor, in one op": (y, call) => {
    const c = tensor(2);
    const masked = y.greater(0);
    return (odd(call) ? masked.where(2, 3) : masked.where(c, c)).mul(y).sum();
  },
  "a tensor in the place of a number": (y, call) => y.mul(odd(call) ? tensor(call) : call).sum(),
  "a number that is a gradient's factor": (y, call) => {
    const l = y.mul(call + 1).sum();
    return l.mul(backward(l).of(w).sum());
  },
  "-0 in the place of 0": (y, call) =>
    y.sum().add(
      tensor(1)
        .div(
          y
            .detach()
            .mul(0)
            .square()
            .mul(odd(call) ? -0 : 0),
        )
        .greater(0)
        .sum(),
    ),
  "params with a getter that counts": (() => {
    let reads = 0;
    return (y: Tensor, call: number) => {
      if (call === 0) reads = 0;
      const axes = {
        get axes() {
          return reads++ % 3 === 2 ? [] : [0];
        },
      };
      return y.square().sum(axes).sum();
    };
  })(),
  "an array of params that is changed": (() => {
    const shape = [3, 1];
    return (y: Tensor, call: number) => {
      [shape[0], shape[1]] = odd(call) ? [1, 3] : [3, 1];
      return y.reshape({ shape }).sum({ axes: 0 }).square().sum();
    };
  })(),
  "an op of a program whose shape depends on a variable": (y, call) => {
    narrow = odd(call);
    return mean(gate(y.detach())).mul(y.sum());
  },
  "the numbers, after a derived op": (y, call) => {
    const l = mse(y, t);
    return call === 4 ? l.mul(l.item()) : l;
  },
  "an error that the loss catches, inside a derived op": (y, call) => {
    try {
      if (odd(call)) return mse(y, tensor([call]));
    } catch {
      // the next line
    }
    return mse(y, t);
  },
  "a loss that notes its divisor": (y, call) =>
    crossEntropy(y.reshape({ shape: [1, 3] }), tensor([call % 3])).add(y.sum()),
  "random numbers": (y) => mse(y.mul(createRng("repeat").uniform([3])), t),
  "an operand that is marked as changed": (y, call) => {
    const h = y.square();
    if (call === 3) h.markChanged();
    return mse(h, t);
  },
};

test("K18: a followed function runs a derived op of gradus once for the same operands and params", () => {
  const compute = vi.spyOn(mse.spec as unknown as Record<"compute", () => Tensor>, "compute");
  const { followed, plain } = both((y, call) => mse(y, t).mul(call));
  expect(followed).toEqual(plain);
  expect(compute).toHaveBeenCalledTimes(1 + 6);
  vi.restoreAllMocks();
});

describe("K18: a followed function leaves ops out, and has the numbers that it has without, for", () => {
  for (const [name, loss] of Object.entries(losses)) {
    test(name, () => {
      const { followed, plain } = both(loss);
      expect(followed).toEqual(plain);
    });
  }
});
