import { checks } from "./checks.ts";
import { GradientError } from "./errors.ts";
import { active } from "./op.ts";
import { add } from "./ops/arithmetic.ts";
import { sumTo } from "./ops/reduce.ts";
import { formatShape, type Shape } from "./shape.ts";
import { type OpRecord, Tensor } from "./tensor.ts";

/** The gradients of one `backward`, looked up by the parameter or variable they belong to. */
export class Gradients {
  /** `structuredClone` refuses symbols, and shows this text. @internal */
  readonly cloning: symbol = Symbol.for("gradients (send gradients.of(parameter).data of those you want)");
  readonly #byTensor: ReadonlyMap<Tensor, Tensor>;

  /** @internal */
  constructor(byTensor: ReadonlyMap<Tensor, Tensor>) {
    this.#byTensor = byTensor;
  }

  /** The gradient with respect to `x`, or undefined if the result does not depend on it. */
  get(x: Tensor): Tensor | undefined {
    checks.key?.(x);
    return this.#byTensor.get(x);
  }

  /** The gradient with respect to `x`. @throws GradientError if there is none. */
  of(x: Tensor): Tensor {
    const gradient = this.get(x);
    if (gradient) return gradient;
    checks.noGradient?.(x);
    throw new GradientError("no gradient for this tensor");
  }

  /** The parameters and variables that have a gradient, in the order in which they were reached. */
  keys(): IterableIterator<Tensor> {
    return this.#byTensor.keys();
  }
}

export interface BackwardOptions {
  /** The gradient with respect to `y`, of its shape (PyTorch: the argument of `y.backward`). Default: 1, for a `y` of one element. */
  readonly cotangent?: Tensor;
  /** Whether the gradients can themselves be differentiated. Default false. */
  readonly differentiable?: boolean;
  /** Computed tensors whose gradients are wanted too. Default: none, only parameters and variables have one. */
  readonly inputs?: readonly Tensor[];
}

/**
 * Reverse-mode differentiation: the gradients of `y` with respect to every Parameter and variable it was computed from.
 *
 * The graph is walked from `y`, latest tensors first, so every tensor is reached after all tensors that were computed from it. Its
 * gradients have then been added up, and the rule of its op passes the sum on to its inputs (Griewank & Walther 2008, Evaluating
 * Derivatives, §3.2). Nothing is stored on the tensors, so there is nothing to reset, and a second call gives the same gradients.
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
 * backward(sum(square(x))).of(x); // [2, 4, 6]
 */
export function backward(y: Tensor, options: BackwardOptions = {}, ...extra: undefined[]): Gradients {
  const given = checks.backward?.(y, options, extra) ?? options;
  const { cotangent = new Tensor(Float64Array.of(1), y.shape), differentiable = false, inputs = [] } = given;
  const gradients = new Map<Tensor, Tensor>([[y, cotangent]]);
  for (const x of recordedFrom(y)) {
    const record = x.record as OpRecord;
    const g = gradients.get(x);
    if (g === undefined) continue; // only reached through inputs that take no gradient
    if (!inputs.includes(x)) gradients.delete(x); // only parameters, variables and `inputs` keep one
    const context = new Context(record, x, differentiable);
    record.inputs.forEach((input, index) => {
      const rule = record.op.vjp[record.op.vjp.length === record.inputs.length ? index : 0]; // one for a list
      if (!input.tracked || !rule) return;
      context.index = index;
      const sofar = gradients.get(input);
      // The step itself; a hook that watches rules calls it.
      const pass = (): Tensor => {
        const gradient = sumTo(rule(g, context), input.shape);
        return sofar ? add(sofar, gradient) : gradient;
      };
      gradients.set(input, active.hook?.rule ? active.hook.rule(x, index, g, pass, sofar) : pass());
    });
  }
  return new Gradients(gradients);
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

/** The RuleContext of op.ts. Without `differentiable` its tensors are detached, so that the ops of rules are not recorded. */
class Context {
  index = 0;
  readonly params: unknown;
  readonly #record: OpRecord;
  readonly #out: Tensor;
  readonly #differentiable: boolean;

  constructor(record: OpRecord, out: Tensor, differentiable: boolean) {
    this.params = record.params;
    this.#record = record;
    this.#out = out;
    this.#differentiable = differentiable;
  }

  get shapes(): readonly Shape[] {
    return this.#record.inputs.map((input) => input.shape);
  }

  get inputs(): readonly Tensor[] {
    const { inputs, versions } = this.#record;
    return inputs.map((x, i) => this.#view(x, versions[i], `input ${i + 1}`, "used"));
  }

  get out(): Tensor {
    return this.#view(this.#out, 0, "the result", "computed"); // a new tensor has version 0
  }

  #view(x: Tensor, version: number, name: string, done: string): Tensor {
    if (x.storage.version === version) return this.#differentiable ? x : x.detach();
    const what = `${name} of ${this.#record.op.name}, shape ${formatShape(x.shape)},`;
    throw new GradientError(
      `backward: ${what} was changed in place after it was ${done}; differentiate before updating it`,
    );
  }
}
