import { ArgumentError, GradientError, ShapeError } from "./errors.ts";
import { hook } from "./hook.ts";
import { knownNames } from "./known-names.ts";
import { add } from "./ops/arithmetic.ts";
import { sumTo } from "./ops/reduce.ts";
import { formatShape, type Shape, sameShape, show } from "./shape.ts";
import { type OpRecord, Tensor } from "./tensor.ts";

/** The gradients of one `backward`, looked up by the parameter or variable they belong to. */
export class Gradients {
  readonly #byTensor: ReadonlyMap<Tensor, Tensor>;

  /** @internal */
  constructor(byTensor: ReadonlyMap<Tensor, Tensor>) {
    this.#byTensor = byTensor;
  }

  /** The gradient with respect to `x`, or undefined if the result does not depend on it. */
  get(x: Tensor): Tensor | undefined {
    return this.#byTensor.get(x);
  }

  /** The gradient with respect to `x`. @throws GradientError if there is none. */
  of(x: Tensor): Tensor {
    const gradient = this.get(x);
    if (gradient) return gradient;
    const reason = x.tracked
      ? x.record
        ? "it is computed, not a Parameter or variable"
        : "the differentiated result does not depend on it"
      : "it is a constant: make it a Parameter or mark it with variable(x)";
    throw new GradientError(`no gradient for this tensor of shape ${formatShape(x.shape)}: ${reason}`);
  }

  /** The parameters and variables that have a gradient, in the order in which they were reached. */
  keys(): IterableIterator<Tensor> {
    return this.#byTensor.keys();
  }
}

export interface BackwardOptions {
  /** The gradient with respect to `y`, of its shape. Default: 1, allowed for a `y` of one element. */
  readonly cotangent?: Tensor;
  /** Whether the gradients can themselves be differentiated. Default false. */
  readonly differentiable?: boolean;
  /** Computed tensors whose gradients are wanted too. Default: none, only parameters and variables have one. */
  readonly inputs?: readonly Tensor[];
}

/**
 * Reverse-mode differentiation: the gradients of `y` with respect to every Parameter and variable it was computed
 * from.
 *
 * The graph is walked from `y` in descending order of creation, so that every tensor is reached after all that was
 * computed from it; its gradients have then all been added up, and the rule of its op passes them on to its inputs
 * (Griewank & Walther 2008, Evaluating Derivatives, §3.2). There is no recursion, nothing is stored on the tensors,
 * nothing to reset, and calling it twice gives the same gradients twice.
 *
 *     recorded:  x ──► a = x·x (id 0) ──► y = a + x (id 1)
 *                └──────────────────────────┘
 *     walked:    y: g = 1   gives a: 1, x: 1
 *                a: g = 1   gives x: 1 + (x + x)
 *
 * @throws GradientError if `y` depends on no Parameter or variable, is not a single number and no cotangent is given,
 *   or a value that a rule needs was changed in place since.
 * @example
 * const x = variable(tensor([1, 2, 3]));
 * backward(x.square().sum()).of(x); // [2, 4, 6]
 */
export function backward(y: Tensor, options: BackwardOptions = {}): Gradients {
  const { cotangent, differentiable, inputs } = checked(options);
  if (!y.tracked) {
    throw new GradientError("backward: the result does not depend on any Parameter or variable(x)");
  }
  const seed = cotangent ?? one(y);
  if (!sameShape(seed.shape, y.shape)) {
    throw new ShapeError(
      `backward: the cotangent has shape ${formatShape(seed.shape)}, the result ${formatShape(y.shape)}`,
    );
  }
  const on = hook();
  const gradients = new Map<Tensor, Tensor>([[y, seed]]);
  for (const x of recordedFrom(y)) {
    const record = x.record as OpRecord;
    const g = gradients.get(x);
    if (g === undefined) continue; // only reached through inputs that take no gradient
    if (!inputs.includes(x)) gradients.delete(x);
    const context = new Context(record, x, differentiable);
    record.inputs.forEach((input, index) => {
      const rule = ruleOf(record, index);
      if (!input.tracked || !rule) return;
      context.index = index;
      const sofar = gradients.get(input);
      const pass = (): Tensor => {
        const gradient = sumTo(rule(g, context), input.shape);
        return sofar ? add(sofar, gradient) : gradient;
      };
      gradients.set(input, on?.rule ? on.rule(x, index, g, pass) : pass());
    });
  }
  return new Gradients(gradients);
}

function checked(
  options: BackwardOptions,
): BackwardOptions & { differentiable: boolean; inputs: readonly Tensor[] } {
  const given = { differentiable: false, inputs: [] };
  const all: BackwardOptions & typeof given = Object.assign(
    given,
    knownNames("backward", "option", options, ["cotangent", "differentiable", "inputs"]),
  );
  const { cotangent, differentiable, inputs } = all;
  const refuse = (name: string, must: string, value: unknown): never => {
    throw new ArgumentError(`backward: ${name} must be ${must}, got ${show(value)}`);
  };
  if (cotangent !== undefined && !(cotangent instanceof Tensor)) refuse("cotangent", "a tensor", cotangent);
  if (typeof differentiable !== "boolean") refuse("differentiable", "true or false", differentiable);
  if (!Array.isArray(inputs) || !inputs.every((x) => x instanceof Tensor))
    refuse("inputs", "an array of tensors", inputs);
  return all;
}

/** An op that takes a list has one rule for all its inputs. */
function ruleOf({ op, inputs }: OpRecord, index: number): OpRecord["op"]["vjp"][number] {
  return op.vjp[op.vjp.length === inputs.length ? index : 0];
}

function one(y: Tensor): Tensor {
  if (y.size !== 1) {
    throw new GradientError(
      `backward(${formatShape(y.shape)}): only a single number can be differentiated; sum it, or pass a cotangent`,
    );
  }
  return new Tensor(Float64Array.of(1), y.shape);
}

/** All recorded tensors that `y` was computed from, itself included, latest first. */
function recordedFrom(y: Tensor): Tensor[] {
  const found = new Set<Tensor>();
  const open = y.record ? [y] : [];
  for (let x = open.pop(); x; x = open.pop()) {
    if (found.has(x)) continue;
    found.add(x);
    for (const input of x.record?.inputs ?? []) if (input.record) open.push(input);
  }
  return [...found].sort((a, b) => (b.record as OpRecord).id - (a.record as OpRecord).id);
}

/** What a rule may look at. For a plain pass everything is detached, so that the pass itself is not recorded. */
class Context {
  index = 0;
  /** The result whose gradient is passed on. */
  readonly result: Tensor;
  readonly #record: OpRecord;
  readonly #differentiable: boolean;

  constructor(record: OpRecord, out: Tensor, differentiable: boolean) {
    this.#record = record;
    this.result = out;
    this.#differentiable = differentiable;
  }

  get inputs(): readonly Tensor[] {
    const { op, inputs, versions } = this.#record;
    inputs.forEach((input, i) => {
      if (input.storage.version !== versions[i]) {
        throw new GradientError(
          `backward: input ${i + 1} of ${op.name}, shape ${formatShape(input.shape)}, was changed in place after it was used; ` +
            "differentiate before updating it",
        );
      }
    });
    return this.#differentiable ? inputs : inputs.map((input) => input.detach());
  }

  get out(): Tensor {
    if (this.result.storage.version !== 0) {
      throw new GradientError(
        `backward: the result of ${this.#record.op.name} was changed in place after it was computed`,
      );
    }
    return this.#differentiable ? this.result : this.result.detach();
  }

  get shapes(): readonly Shape[] {
    return this.#record.inputs.map((input) => input.shape);
  }

  get params(): unknown {
    return this.#record.params;
  }
}
