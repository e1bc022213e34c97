import { Gradients } from "./backward.ts";
import { ArgumentError } from "./errors.ts";
import { refuseAssignments, refuseOperators } from "./misuse.ts";
import type { NestedNumbers } from "./numbers.ts";
import { formatTensor, placeOf } from "./print.ts";
import { formatShape } from "./shape.ts";
import { Tensor } from "./tensor.ts";

// The arrays, the text, the JSON and the operand that JavaScript makes of a tensor. Imported for its effect.

/** A tensor as JSON: `tensor(data, shape)` makes it again. */
export interface TensorJson {
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly data: readonly number[];
}

declare module "./tensor.ts" {
  interface Tensor {
    /** The elements as nested arrays; a plain number for a scalar. */
    toArray(): NestedNumbers;
    /**
     * The shape and the elements, for `JSON.stringify`. (JSON has no −0: it becomes 0.)
     *
     * @throws ArgumentError for NaN and infinities: JSON has none of them and would write null.
     * @example
     * const { data, shape } = JSON.parse(JSON.stringify(tensor([1, 2]))); // { "shape": [2], "data": [1, 2] }
     * tensor(data, shape);
     */
    toJSON(): TensorJson;
  }
}

function nested(x: Tensor): NestedNumbers {
  let offset = 0;
  const nest = (axis: number): NestedNumbers =>
    axis === x.rank ? x.data[offset++] : Array.from({ length: x.shape[axis] }, () => nest(axis + 1));
  return nest(0);
}

function json(x: Tensor): TensorJson {
  const data = Array.from(x.data);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { shape: [...x.shape], data };
  throw new ArgumentError(
    `toJSON(${formatShape(x.shape)}): JSON has no ${data[bad]}${placeOf(bad, x.shape)}; saveWeights of @gradus/io keeps all numbers, String(x) shows them`,
  );
}

/** Node calls it for `console.log(x)`. */
function inspected(x: Tensor): string {
  const kind = x.constructor.name.toLowerCase();
  const { unknown } = x.storage;
  if (unknown !== null) return `${kind}(${unknown}, shape=${formatShape(x.shape)})`;
  const numbers = x.toString().replaceAll("\n", `\n${" ".repeat(kind.length + 1)}`);
  return `${kind}(${numbers}, shape=${formatShape(x.shape)})`;
}

const conversions: readonly (readonly [name: PropertyKey, convert: (x: Tensor) => unknown])[] = [
  ["toString", (x) => formatTensor(x.data, x.shape)],
  ["toArray", nested],
  ["toJSON", json],
  [Symbol.for("nodejs.util.inspect.custom"), inspected],
];

for (const [name, convert] of conversions) {
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor): unknown {
      return convert(this);
    },
    writable: true,
    configurable: true,
  });
}

refuseOperators(
  Tensor.prototype,
  "a tensor",
  "use x.add(y), x.sub(y), x.mul(y), x.div(y), x.less(y) or x.equal(y); " +
    "x.item() is the number of one element, String(x) the text",
);
refuseOperators(
  Gradients.prototype,
  "a Gradients object",
  "gradients.add(other) and gradients.scale(2) are new ones, gradients.of(parameter) is the tensor of one parameter",
);

const SHAPED = "x.reshape({ shape }) is a tensor of another shape";
const TRACKED =
  "gradients flow to new Parameter(values) and variable(x), not through x.detach(); an optimizer of some parameters trains only those";
const NUMBERS = "x.data has the numbers, x.toArray() has them in nested arrays";
const GRADIENT = "gradients are a value: backward(loss).of(x)";
refuseAssignments(Tensor.prototype, "a tensor", {
  shape: SHAPED,
  size: SHAPED,
  rank: SHAPED,
  data: "x.assign(values) replaces the numbers",
  record: TRACKED,
  tracked: TRACKED,
  requiresGrad: TRACKED,
  requires_grad: TRACKED,
  grad: GRADIENT,
  backward: GRADIENT,
  view: SHAPED,
  T: "x.transpose() is the transposed tensor",
  clone: "tensor(x.data, x.shape) is a copy",
  numpy: NUMBERS,
  dataSync: NUMBERS,
  arraySync: NUMBERS,
});

// Array.from(x) and new Float64Array(x) ask for it, and without it would be empty.
Object.defineProperty(Tensor.prototype, "length", {
  get(): never {
    throw new ArgumentError("a tensor is no list: use x.data, x.size or x.shape[0]");
  },
  configurable: true,
});

function noElement(): never {
  throw new ArgumentError(
    "a tensor has no x[0]: x.slice(…) is a part, x.data the numbers, x.assign(…) replaces them",
  );
}

// Without it x[0] is undefined, and x[0] = 5 changes nothing; a loop over the elements begins here.
Object.defineProperty(Tensor.prototype, "0", { get: noElement, set: noElement, configurable: true });

Object.defineProperty(Gradients.prototype, "toJSON", {
  value(): never {
    throw new ArgumentError(
      "toJSON: gradients are kept by tensor and have no names; write those you want: gradients.of(parameter)",
    );
  },
  writable: true,
  configurable: true,
});
