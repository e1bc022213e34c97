/** Sorts ops into groups by what they do with their samples and by the names of their params, so that no list is written by hand. */
import { add, broadcastTo, createRng, formatShape, GradusError, type Tensor } from "@gradus/core";
import { type AnyOp, drawInputs, type Sample } from "@gradus/core/testing";

/** The groups, in the order of a page, with their descriptions. */
export const groups = {
  "element-wise": "each element of the result comes from the element at the same place",
  reductions: "the axes that are reduced disappear",
  losses: "from predictions and targets to a number",
  products: "linear in each of two inputs",
  windows: "a kernel moves over images or sequences",
  arrangement: "the elements stay, their places change",
  random: "drawn from a random stream",
  rows: "the elements along an axis belong together: softmax, normalization, running sums, attention",
} as const;

export type Group = keyof typeof groups;

/** The group of an op. @param params the names of its params. */
export function groupOf(op: AnyOp, params: readonly string[], samples: readonly Sample<unknown>[]): Group {
  const has = (name: string): boolean => params.includes(name);
  if (has("rng")) return "random";
  if (has("reduction")) return "losses";
  if (has("kernel") || (has("stride") && has("dilation"))) return "windows";
  if (has("keepDims")) return "reductions";
  const runs = samples.map((sample, i) => {
    const inputs = drawInputs(sample, createRng(`groups/${i}`));
    return { inputs, params: sample.params, out: run(op, inputs, sample.params) };
  });
  const full = runs.filter(({ inputs, out }) => out.size > 1 && inputs.every(({ size }) => size > 0));
  if (full.every((one) => isElementwise(op, one))) return "element-wise";
  if (full.every((one) => isProduct(op, one))) return "products";
  if (full.every(isArrangement)) return "arrangement";
  return "rows";
}

interface Run {
  readonly inputs: readonly Tensor[];
  readonly params: unknown;
  readonly out: Tensor;
}

/** The result of an op; the first of several. */
function run(op: AnyOp, inputs: readonly Tensor[], params: unknown): Tensor {
  const call = op as unknown as (...args: unknown[]) => Tensor | Tensor[];
  const rest = params === undefined ? [] : [params];
  const out = "list" in op.spec ? call(inputs, ...rest) : call(...inputs, ...rest);
  return Array.isArray(out) ? out[0] : out;
}

/** Whether an element of the result depends on the elements at its own place alone, after broadcasting. */
function isElementwise(op: AnyOp, { inputs, params, out }: Run): boolean {
  if ("list" in op.spec || inputs.length === 0) return false;
  const together = attempt(() => inputs.reduce((a, b) => add(a, b)));
  const shape = formatShape(out.shape);
  const broadcast = together !== null && formatShape(together.shape) === shape;
  if (!broadcast && formatShape(inputs[0].shape) !== shape) return false;
  // Inputs that do not broadcast belong to an axis, as the slopes of prelu: they stay as they are.
  const spread = broadcast ? inputs.map((x) => broadcastTo(x, { shape: out.shape }).mul(1)) : inputs;
  return [0, out.size - 1].every((place) => {
    const changed = spread[0].mul(1);
    changed.data[place] = changed.data[out.size - 1 - place];
    const after = attempt(() => run(op, [changed, ...spread.slice(1)], params));
    return after?.data.every((value, i) => i === place || Object.is(value, out.data[i]));
  });
}

/** The result of a call; null if gradus refuses its inputs. */
function attempt(call: () => Tensor): Tensor | null {
  try {
    return call();
  } catch (error) {
    if (error instanceof GradusError) return null;
    throw error;
  }
}

/** Whether the result is linear in each of the first two inputs, and in no other way than by their products. */
function isProduct(op: AnyOp, { inputs, params, out }: Run): boolean {
  if (inputs.length < 2 || "list" in op.spec) return false;
  const scaled = (a: number, b: number): Tensor | null => {
    const others = inputs.map((x, i) => (i === 0 ? x.mul(a) : i === 1 ? x.mul(b) : x));
    return attempt(() => run(op, others, params));
  };
  // Of a bilinear f, f(a·x, b·y) = f(0, 0) + a·b·(f(x, y) − f(0, 0)).
  const zero = scaled(0, 0);
  return [
    [2, 1],
    [1, 2],
    [-1, 3],
  ].every(([a, b]) => {
    const other = scaled(a, b);
    if (zero === null || other === null) return false; // such as an index that must be whole
    return out.data.every((value, i) => {
      const expected = zero.data[i] + a * b * (value - zero.data[i]);
      return Math.abs(other.data[i] - expected) <= 1e-9 * (1 + Math.abs(expected));
    });
  });
}

/** Whether every number of the result is a number of an input, or the same filling. */
function isArrangement({ inputs, out }: Run): boolean {
  const known = new Set(inputs.flatMap(({ data }) => [...data]));
  const others = new Set([...out.data].filter((value) => !known.has(value)));
  return inputs.length > 0 && others.size <= 1;
}
