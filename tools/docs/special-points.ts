/**
 * Gradients and second derivatives at points that random samples avoid: kinks, ties, poles, ±0, ±∞, hit targets.
 *
 * fixtures/special-points.json has a row for each point: an op, its inputs and params, and the derivatives, from the
 * formula of the op and not from gradus. fixtures/special-points.torch.json has PyTorch's, written by special-points.py.
 */
import { readFileSync } from "node:fs";
import { backward, chain, createRng, ops, type Tensor, tensor, variable, weightedMean } from "@gradus/core";
import { layerOps } from "@gradus/nn";

type Stored = number | string;
type Nested = Stored | readonly Nested[];

/** A row of the table. */
export interface SpecialPoint {
  readonly op: string;
  /** Numbers, or texts for those that JSON does not have: "Infinity", "-Infinity", "NaN", "-0". */
  readonly inputs: readonly Nested[];
  readonly params?: Readonly<Record<string, unknown>>;
  /** The inputs to differentiate by. Default: all. */
  readonly by?: readonly number[];
  /** The gradient of 1·out₀ + 2·out₁ + … by the elements of these inputs, one after the other. */
  readonly first: readonly Stored[];
  /** Its derivatives by the same elements: the Hessian. */
  readonly second: readonly (readonly Stored[])[];
  /** The reason for a choice. */
  readonly why?: string;
}

/** First and second derivatives at a point. */
export interface Derivatives {
  readonly first: readonly number[];
  readonly second: readonly (readonly number[])[];
}

interface Table {
  readonly points: readonly SpecialPoint[];
  /** The reasons why the other ops have no special points. */
  readonly others: Readonly<Record<string, string>>;
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8"));
}

export const { points, others } = read("special-points.json") as Table;

/** PyTorch's derivatives, row by row; null where PyTorch has no such op. */
export const torch = read("special-points.torch.json") as readonly (Pick<
  SpecialPoint,
  "first" | "second"
> | null)[];

/** All ops of core and nn, by name; those of core that are no methods too. */
export const registry: Readonly<Record<string, (...args: unknown[]) => Tensor>> = {
  ...(ops as object),
  ...({ chain, weightedMean } as object),
  ...(layerOps as object),
};

/** The inputs of a point as tensors. */
export function inputsOf({ inputs, by = [...inputs.keys()] }: SpecialPoint): Tensor[] {
  return inputs.map((x, i) => (by.includes(i) ? variable(tensor(numbers(x))) : tensor(numbers(x))));
}

/** The result; the gradient of its weighted sum, one tensor for each input; the Hessian, row by row. */
export function differentiate({ op, params = {} }: SpecialPoint, inputs: readonly Tensor[]): Tensor[][] {
  const rest = op === "rrelu" ? { ...decoded(params), rng: createRng("special points") } : decoded(params);
  const out = registry[op](...inputs, ...(Object.keys(rest).length > 0 ? [rest] : []));
  const variables = inputs.filter((x) => x.tracked);
  const cotangent = tensor(
    Float64Array.from({ length: out.size }, (_, i) => i + 1),
    out.shape,
  );
  const gradients = backward(out, { cotangent, differentiable: true });
  const first = variables.map((x) => gradients.get(x) ?? x.mul(0).detach());
  const second = first.flatMap((gradient) =>
    Array.from({ length: gradient.size }, (_, i) => {
      if (!gradient.tracked) return variables.map((x) => tensor(new Float64Array(x.size)));
      const one = tensor(
        new Float64Array(gradient.size).map((_, j) => +(i === j)),
        gradient.shape,
      );
      const rows = backward(gradient, { cotangent: one });
      return variables.map((x) => rows.get(x) ?? tensor(new Float64Array(x.size)));
    }),
  );
  return [[out], first, ...second];
}

/** The derivatives that gradus takes at a point. */
export function derivativesAt(point: SpecialPoint): Derivatives {
  const [, first, ...second] = differentiate(point, inputsOf(point)).map((row) =>
    row.flatMap((x) => [...x.data]),
  );
  return { first, second };
}

/** Stored numbers as numbers. */
export function numbers<T extends Nested>(value: T): T extends Stored ? number : number[] {
  return (Array.isArray(value) ? value.map((item) => numbers(item)) : Number(value)) as never;
}

function decoded(params: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([key, value]) => [
      key,
      typeof value === "string" && !Number.isNaN(Number(value)) ? Number(value) : value,
    ]),
  );
}
