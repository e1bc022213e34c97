/** Runs an op on numbers, with gradients: in the worker of the page, and when the page is built. */
import { backward, ops, type Tensor, tensor, variable } from "@gradus/core";
import { layerOps } from "@gradus/nn";
import { fromPlain, type Plain } from "../../../tools/catalogue/plain-params.ts";
import type { Numbers } from "./numbers.ts";

type AnyCall = (...args: unknown[]) => Tensor | Tensor[];

const registry = { ...ops, ...layerOps } as unknown as Readonly<Record<string, AnyCall>>;

/** A call of an op. */
export interface OpCall {
  readonly op: string;
  /** Whether the op takes one list of tensors. */
  readonly list: boolean;
  readonly inputs: readonly Numbers[];
  readonly params: Plain;
}

/** The results of a call, and the gradient of one element of them. */
export interface OpResult {
  readonly outs: readonly Numbers[];
  /** For each input; null where no gradient flows. */
  readonly gradients: readonly (Numbers | null)[];
}

/**
 * Calls an op.
 *
 * @param element the element of the results, counted through all of them, whose gradient is taken.
 * @throws what the op throws for inputs that it refuses.
 */
export function evaluate(call: OpCall, element: number): OpResult {
  const inputs = call.inputs.map(({ data, shape }) => variable(tensor(Float64Array.from(data), shape)));
  const outs = results(call, inputs);
  let before = 0;
  const chosen = outs.find((out) => {
    if (element < before + out.size) return true;
    before += out.size;
    return false;
  });
  const one = new Float64Array(chosen?.size ?? 0);
  one[element - before] = 1;
  const gradients = chosen?.tracked ? backward(chosen, { cotangent: tensor(one, chosen.shape) }) : undefined;
  return {
    outs: outs.map(plain),
    gradients: inputs.map((x) => {
      const gradient = gradients?.get(x);
      return gradient ? plain(gradient) : null;
    }),
  };
}

/** A function of one number, its derivative and its second derivative; null where no gradient flows. */
export interface Curve {
  readonly value: readonly number[];
  readonly first: readonly number[] | null;
  readonly second: readonly number[] | null;
}

/** An element-wise op as a function of one of its inputs, at many points at once. @param by the position of that input. */
export function curve(call: OpCall, by: number, points: readonly number[]): Curve {
  const x = variable(tensor(Float64Array.from(points)));
  const others = call.inputs.map(({ data, shape }, i) =>
    i === by ? x : tensor(Float64Array.from(data), shape),
  );
  const [out] = results(call, others);
  if (!out.tracked) return { value: [...out.data], first: null, second: null };
  const ones = tensor(new Float64Array(points.length).fill(1));
  const first = backward(out, { cotangent: ones, differentiable: true }).of(x);
  const second = first.tracked ? backward(first, { cotangent: ones }).get(x) : undefined;
  return {
    value: [...out.data],
    first: [...first.data],
    second: second ? [...second.data] : points.map(() => 0),
  };
}

function results({ op, list, params }: OpCall, inputs: readonly Tensor[]): readonly Tensor[] {
  const rest = params === null ? [] : [fromPlain(params)];
  return [list ? registry[op](inputs, ...rest) : registry[op](...inputs, ...rest)].flat();
}

function plain({ data, shape }: Tensor): Numbers {
  return { shape: [...shape], data: [...data] };
}
