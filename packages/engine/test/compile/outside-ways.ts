import {
  backward,
  createRng,
  defineOp,
  Parameter,
  type Tensor,
  tensor,
  type UpdateSpec,
  update,
  variable,
  zeros,
} from "@gradus/core";

export const addTo: UpdateSpec = {
  name: "addTo",
  run: ([x], [into]) => {
    for (let i = 0; i < into.length; i++) into[i] += x[i];
  },
};

export type Fn = (...args: Tensor[]) => Tensor;
/** A program with a function that is compiled or not. It returns all numbers that it sees. */
export type Way = (compileIt: (f: Fn) => Fn) => unknown;

export const numbers = (x: Tensor): unknown => x.toArray();
const one = (): Tensor => tensor([1]);

/** R1: ways to confuse compile. Each gives the numbers that it gives without compile, or an error of gradus. */
export const ways: Record<string, Way> = {
  "item() of a tensor from outside": (c) => {
    const w = tensor([2]);
    const f = c((x) => x.mul(w.item()));
    const first = numbers(f(one()));
    w.assign([3]);
    return [first, numbers(f(one()))];
  },
  "data[0] of a tensor from outside": (c) => {
    const w = tensor([2, 5]);
    const f = c((x) => x.mul(w.data[1]));
    const first = numbers(f(one()));
    w.assign([3, 7]);
    return [first, numbers(f(one()))];
  },
  "toArray() of a tensor from outside": (c) => {
    const w = tensor([2, 5]);
    const f = c((x) => x.mul((w.toArray() as number[])[1]));
    const first = numbers(f(one()));
    w.assign([3, 7]);
    return [first, numbers(f(one()))];
  },
  "a decision by a number from outside": (c) => {
    const w = tensor(1);
    const f = c((x) => (w.item() > 0 ? x.mul(2) : x.neg()));
    const first = numbers(f(one()));
    w.assign([-1]);
    return [first, numbers(f(one()))];
  },
  "a number that is written to directly": (c) => {
    const w = tensor([2]);
    const f = c((x) => x.mul(w.item()));
    const first = numbers(f(one()));
    w.data[0] = 3;
    return [first, numbers(f(one()))];
  },
  "a number of a tensor that a compiled function changes": (c) => {
    const w = tensor([2]);
    const step = c((x) => {
      update(addTo, [x], [w], undefined);
      return w.mul(1);
    });
    const f = c((x) => x.mul(w.item()));
    return [1, 2, 3].map(() => [numbers(f(one())), numbers(step(one()))]);
  },
  "a number of a tensor that the function has changed": (c) => {
    const w = tensor([2]);
    const f = c((x) => {
      update(addTo, [x], [w], undefined);
      return x.mul(w.item());
    });
    return [numbers(f(one())), numbers(f(one()))];
  },
  "assign inside": (c) => {
    const w = tensor([2]);
    const f = c((x) => {
      w.assign([w.item() + 1]);
      return x.mul(w);
    });
    return [numbers(f(one())), numbers(f(one())), numbers(w)];
  },
  "assign of the same numbers inside": (c) => {
    const w = tensor([2]);
    const f = c((x) => {
      const y = x.mul(w);
      w.assign([2]);
      return y;
    });
    const first = numbers(f(one()));
    w.assign([5]);
    return [first, numbers(f(one())), numbers(w)];
  },
  "a direct write inside": (c) => {
    const w = tensor([2]);
    const f = c((x) => {
      w.data[0] += 1;
      return x.mul(w);
    });
    return [numbers(f(one())), numbers(f(one())), numbers(w)];
  },
  "an argument that an update changes": (c) => {
    const f = c((x) => {
      update(addTo, [x], [x], undefined);
      return x.mul(1);
    });
    const x = one();
    return [numbers(f(x)), numbers(f(x)), numbers(x)];
  },
  "a tensor that is made inside and updated": (c) => {
    const f = c((x) => {
      const t = zeros([1]);
      update(addTo, [x], [t], undefined);
      return t.mul(1);
    });
    return [numbers(f(one())), numbers(f(one()))];
  },
  "a captured variable that is also an argument": (c) => {
    const w = new Parameter([3]);
    const f = c((x) => backward(x.mul(w).sum()).of(x));
    return [numbers(f(w)), numbers(f(w))];
  },
  "a captured tensor that is also an argument": (c) => {
    const w = tensor([3]);
    const f = c((x) => x.mul(w));
    return [numbers(f(w)), numbers(f(one()))];
  },
  "an argument that an update changes as a tensor from outside": (c) => {
    const w = tensor([3]);
    const f = c((x) => {
      update(addTo, [one()], [w], undefined);
      return x.mul(w);
    });
    return [numbers(f(w)), numbers(f(w))];
  },
  "the same variable twice": (c) => {
    const x = variable(tensor([3]));
    const f = c((a, b) => backward(a.mul(b).sum()).of(a));
    return [numbers(f(x, x))];
  },
  "the same constant twice": (c) => {
    const f = c((a, b) => a.mul(b));
    return [numbers(f(one(), tensor([2]))), numbers(f(tensor([3]), tensor([3])))];
  },
  "a result that the caller changes": (c) => {
    const f = c(() => tensor([1, 2]));
    f().assign([7, 7]);
    return numbers(f());
  },
  "a computed result that the caller changes": (c) => {
    const f = c((x) => x.mul(2));
    f(one()).assign([7]);
    return numbers(f(one()));
  },
  "an array of params that is written to inside the call": (c) => {
    const f = c((x) => {
      const axes = [0];
      const y = x.sum({ axes });
      axes[0] = 1;
      return y;
    });
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    return [numbers(f(x)), numbers(f(x))];
  },
  "an own op whose params are kept": (c) => {
    const scale = defineOp<[x: Tensor], { by: number[] }>({
      name: "scale",
      formula: "by[0]·x",
      shape: ([x]) => x,
      forward: ([x], out, _, { by }) => {
        for (let i = 0; i < out.length; i++) out[i] = by[0] * x.data[i];
      },
      vjp: [null],
      required: ["by"],
    });
    const f = c((x) => {
      const by = [2];
      const y = scale(x, { by });
      by[0] = 5;
      return y;
    });
    return [numbers(f(one())), numbers(f(one()))];
  },
  "random numbers outside of tensors": (c) => {
    const rng = createRng(1);
    const f = c((x) => x.mul(rng.next()));
    return [numbers(f(one())), numbers(f(one()))];
  },
  "a random stream that is set back inside": (c) => {
    const rng = createRng(1);
    const state = rng.state();
    const f = c((x) => {
      rng.restore(state);
      return x.add(rng.uniform([1]));
    });
    return [numbers(f(one())), numbers(f(one()))];
  },
  "a random stream that is made inside": (c) => {
    const f = c((x) => x.add(createRng(1).uniform([1])));
    return [numbers(f(one())), numbers(f(one()))];
  },
  "a number of an argument": (c) => {
    const f = c((x) => x.mul(x.item()));
    return [numbers(f(one())), numbers(f(tensor([2])))];
  },
  "a tensor from outside under another shape": (c) => {
    const w = tensor([1, 2]);
    const f = c((x) => x.mul(w.reshape({ shape: [2] })));
    const first = numbers(f(one()));
    w.assign([3, 4]);
    return [first, numbers(f(one()))];
  },
  "a tensor that is made in the first call and kept": (c) => {
    let kept: Tensor | undefined;
    const f = c((x) => {
      kept ??= tensor([2]);
      return x.mul(kept);
    });
    const first = numbers(f(one()));
    kept?.assign([5]);
    return [first, numbers(f(one()))];
  },
  "a tensor that is made of one from outside": (c) => {
    const w = tensor([2]);
    const f = c((x) => x.mul(tensor(w.toArray())).add(new Parameter(w)));
    const first = numbers(f(one()));
    w.assign([3]);
    return [first, numbers(f(one()))];
  },
  "assign of another tensor from outside, inside": (c) => {
    const [w, v] = [tensor([2]), tensor([3])];
    const f = c((x) => {
      w.assign(v);
      return x.mul(w);
    });
    const first = numbers(f(one()));
    v.assign([4]);
    return [first, numbers(f(one())), numbers(w)];
  },
  "assign of a computed tensor, inside": (c) => {
    const w = tensor([2]);
    const f = c((x) => {
      w.assign(x.mul(2));
      return x.mul(w);
    });
    return [numbers(f(one())), numbers(f(tensor([3]))), numbers(w)];
  },
  "assign of an argument, inside": (c) => {
    const f = c((x) => {
      x.assign([7]);
      return x.mul(2);
    });
    const x = one();
    return [numbers(f(x)), numbers(x)];
  },
  "an argument that shares the numbers of a captured tensor": (c) => {
    const w = tensor([3]);
    const f = c((x) => {
      update(addTo, [one()], [w], undefined);
      return x.mul(w);
    });
    return [numbers(f(w.detach())), numbers(f(w.detach()))];
  },
  "two variables of the same numbers": (c) => {
    const x = tensor([3]);
    const f = c((a, b) => backward(a.mul(b).mul(b).sum()).of(a));
    return [numbers(f(variable(x), variable(x)))];
  },
  "a captured tensor as the result": (c) => {
    const w = tensor([3]);
    const f = c(() => w);
    const y = f();
    w.assign([4]);
    return [numbers(y), numbers(f())];
  },
  "a number that only one of two shapes reads": (c) => {
    const w = tensor([2]);
    const f = c((x) => (x.size === 1 ? x.mul(w.item()) : x.mul(w)));
    const both = (): unknown => [numbers(f(one())), numbers(f(tensor([1, 2])))];
    const first = both();
    w.assign([3]);
    return [first, both(), both()];
  },
  "a number that a compiled function inside reads": (c) => {
    const w = tensor([2]);
    const inner = c((x) => x.mul(w.item()));
    const f = c((x) => inner(x).add(1));
    const first = numbers(f(one()));
    w.assign([3]);
    return [first, numbers(f(one())), numbers(inner(one()))];
  },
  "a number of a weight that an optimizer's step changes": (c) => {
    const w = new Parameter([2]);
    const step = c((x) => {
      const loss = w.mul(x).sum();
      update(addTo, [backward(loss).of(w)], [w], undefined);
      return loss;
    });
    const f = c((x) => x.mul(w.item()));
    return [1, 2].map(() => [numbers(step(one())), numbers(f(one()))]);
  },
};
