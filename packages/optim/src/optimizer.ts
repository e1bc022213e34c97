import {
  ArgumentError,
  formatShape,
  GradientError,
  kernels,
  type Parameter,
  ShapeError,
  sameShape,
  show,
  Tensor,
} from "@gradus/core";
import { type Clip, checkClip, planClip, writeClipped } from "./clip.ts";
import { check, resolveOptions } from "./options.ts";
import { checkParameters, type ParameterList } from "./parameters.ts";
import { nonNegative, oneOf } from "./ranges.ts";
import type { Hyperparameters, Preset, Rule, Slots } from "./rule.ts";
import { checkState, copySlots, type OptimizerState, plain } from "./state.ts";

export type { ParameterGroup, ParameterList } from "./parameters.ts";

/** Hyperparameters, all of which have defaults, and what every optimizer takes besides. */
export type OptimizerOptions<H> = Partial<H> & {
  /** Whose defaults and conventions to follow where nothing else is said. Default `"torch"`. */
  readonly preset?: Preset;
  /** Limits the gradients before anything else is done with them. Default: no limit. */
  readonly clip?: Clip;
};

/** Where a step looks up its gradients: the result of `backward`, or a Map. */
export interface GradientSource {
  get(x: Tensor): Tensor | undefined;
}

interface Member<H> {
  readonly name: string;
  readonly parameter: Parameter;
  readonly slots: Slots;
  /** Index of its group. */
  readonly group: number;
  readonly h: H;
}

/**
 * Drives a {@link Rule}: everything that is the same for all optimizers.
 *
 * One step checks all gradients and rates first, so that an error leaves everything as it was. Then, parameter after
 * parameter: the gradient is clipped, weight decay is added to it (L2) or taken off the weights (decoupled), and the
 * rule changes the weights. A NaN or infinite gradient passes into the weights, unless a norm is clipped: then it is
 * an error.
 *
 * To train only a part of a net, hand over only those parameters.
 */
export class Optimizer<H extends Hyperparameters> {
  readonly #rule: Rule<H>;
  readonly #groups: readonly H[];
  readonly #members: readonly Member<H>[];
  /** The arrays of all parameters. */
  readonly #owned: ReadonlySet<Float64Array>;
  readonly #clip: Clip | undefined;
  /** Room for the gradient that a rule sees where that is not the one handed in. */
  #scratch: Float64Array = new Float64Array(0);
  #stepCount = 0;

  /** @throws ArgumentError for parameters or options that are not what they should be. */
  constructor(rule: Rule<H>, parameters: ParameterList<H>, options: OptimizerOptions<H> = {}) {
    const who = rule.name;
    const groups = checkParameters(who, parameters);
    const { preset = "torch", clip, ...given } = checkOptions(who, options);
    check(who, "preset", preset, oneOf("torch", "keras"));
    const resolve = (where: string, values: object, defaults: H): H => {
      const h = resolveOptions<H>(where, values, defaults, rule.ranges);
      const conflict = rule.conflict?.(h);
      if (conflict !== undefined) throw new ArgumentError(`${where}: ${conflict}`);
      return h;
    };
    const shared = resolve(who, given, rule.defaults[preset as Preset]);
    this.#rule = rule;
    this.#clip = clip === undefined ? undefined : checkClip(who, clip);
    this.#groups = groups.map(({ overrides }, i) =>
      Object.keys(overrides).length === 0 ? shared : resolve(`${who}, group ${i}`, overrides, shared),
    );
    this.#members = groups.flatMap(({ parameters }, group) =>
      parameters.map(([name, parameter]) => {
        const h = this.#groups[group];
        const slots = plain(rule.slots(h).map((slot) => [slot, kernels().allocate(parameter.size)]));
        return { name, parameter, slots, group, h };
      }),
    );
    this.#owned = new Set(this.#members.map(({ parameter }) => parameter.data));
  }

  /** How many steps were taken. */
  get stepCount(): number {
    return this.#stepCount;
  }

  /** The learning rate of the next step, of the first group. */
  get learningRate(): number {
    return this.learningRates[0];
  }

  /** The learning rates of the next step, one per group. @throws ArgumentError if a schedule gives no finite rate ≥ 0. */
  get learningRates(): readonly number[] {
    return this.#groups.map(({ learningRate }) => {
      const rate: unknown = typeof learningRate === "function" ? learningRate(this.#stepCount) : learningRate;
      check(`${this.#who}.step`, `the learning rate of step ${this.#stepCount}`, rate, nonNegative);
      return rate as number;
    });
  }

  /**
   * Changes all parameters by their gradients.
   *
   * @throws GradientError for a parameter without a gradient, ShapeError for a gradient of another shape, ArgumentError
   *   for a schedule that gives no finite rate ≥ 0; nothing is changed then.
   * @example optimizer.step(backward(loss));
   */
  step(gradients: GradientSource): void {
    const arrays = this.#collect(gradients);
    const rates = this.learningRates;
    const plan = this.#clip && planClip(this.#clip, arrays, (i) => this.#refuse(this.#members[i].name));
    const t = this.#stepCount + 1;
    this.#members.forEach(({ parameter, slots, group, h }, i) => {
      const x = parameter.data;
      const learningRate = rates[group];
      const { weightDecay, decoupledWeightDecay } = h;
      const added = decoupledWeightDecay ? 0 : weightDecay;
      const g = this.#prepare(arrays[i], plan?.factors[i] ?? 1, plan?.limit ?? Infinity, x, added);
      if (decoupledWeightDecay && weightDecay !== 0) shrink(x, learningRate * weightDecay);
      this.#rule.update(x, g, slots, h, t, learningRate);
      parameter.markChanged();
    });
    this.#stepCount = t;
  }

  /** A copy of all that is remembered between steps, for checkpoints. */
  state(): OptimizerState {
    return {
      version: 1,
      optimizer: this.#rule.name,
      stepCount: this.#stepCount,
      slots: copySlots(this.#members),
    };
  }

  /**
   * Goes on exactly where {@link Optimizer.state} was taken, given the same parameters and options.
   *
   * @throws FormatError listing everything that does not fit; nothing is changed then.
   */
  restore(state: OptimizerState): void {
    checkState(`${this.#who}.restore`, this.#rule.name, this.#members, state);
    for (const { name, slots } of this.#members) {
      for (const [slot, values] of Object.entries(slots)) values.set(state.slots[name][slot]);
    }
    this.#stepCount = state.stepCount;
  }

  /** The rule as an instance of it would be called in code: `adam`. */
  get #who(): string {
    return this.#rule.name.toLowerCase();
  }

  /** The gradients in the order of the parameters, after checking all of them. */
  #collect(gradients: GradientSource): Float64Array[] {
    if (typeof gradients?.get !== "function") {
      const hint = (gradients as unknown) instanceof Tensor ? "; did you mean step(backward(loss))?" : "";
      throw new ArgumentError(`${this.#who}.step: needs Gradients, got ${show(gradients)}${hint}`);
    }
    const found = this.#members.map(({ parameter }) => gradients.get(parameter));
    const missing = this.#members.filter((_, i) => found[i] === undefined);
    if (missing.length > 0) {
      const names = missing.map(({ name, parameter }) => `${show(name)} ${formatShape(parameter.shape)}`);
      const those = missing.length === 1 ? "is it" : "are they";
      throw new GradientError(
        `${this.#who}.step: no gradient for ${names.join(", ")}; ${those} part of the loss?`,
      );
    }
    return this.#members.map(({ name, parameter }, i) => {
      const g: unknown = found[i];
      if (!(g instanceof Tensor)) {
        throw new ArgumentError(
          `${this.#who}.step: the gradient of ${show(name)} is no tensor but ${show(g)}`,
        );
      }
      if (!sameShape(g.shape, parameter.shape)) {
        throw new ShapeError(
          `${this.#who}.step: the gradient of ${show(name)} has shape ${formatShape(g.shape)}, ` +
            `the parameter ${formatShape(parameter.shape)}`,
        );
      }
      // A gradient that lives in a parameter would change under way.
      return this.#owned.has(g.data) ? g.data.slice() : g.data;
    });
  }

  #refuse(name: string): never {
    throw new GradientError(
      `${this.#who}.step: the gradient of ${show(name)} is not finite: it has no norm to clip`,
    );
  }

  /** The gradient as the rule is to see it. */
  #prepare(g: Float64Array, factor: number, limit: number, x: Float64Array, decay: number): Float64Array {
    if (factor === 1 && limit === Infinity && decay === 0) return g;
    if (this.#scratch.length < g.length) this.#scratch = kernels().allocate(g.length);
    const out = this.#scratch.subarray(0, g.length);
    writeClipped(out, g, factor, limit, x, decay);
    return out;
  }
}

/** x ← x − part·x. */
function shrink(x: Float64Array, part: number): void {
  for (let i = 0; i < x.length; i++) x[i] -= part * x[i];
}

function checkOptions<O extends object>(who: string, options: O): O {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new ArgumentError(`${who}: needs an options object, got ${show(options)}`);
  }
  return options;
}
