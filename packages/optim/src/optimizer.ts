import {
  ArgumentError,
  check,
  checkOptions,
  GradientError,
  mul,
  type NamedParameter,
  noMore,
  type Parameter,
  type Range,
  ranges,
  resolveOptions,
  show,
  type Tensor,
  type UpdateSpec,
  update,
  zeros,
} from "@gradus/core";
import { type Clip, checkClip } from "./clip.ts";
import type { GradientSource } from "./descend.ts";
import { gradientsFor } from "./gradients-for.ts";
import { coefficientsOf, type Group, type Member, makeGroup, makeMember } from "./members.ts";
import { findLarge, refuseLarge } from "./overflow.ts";
import { checkParameters, type ParameterList } from "./parameters.ts";
import { refuseForAll, refuseOptions } from "./refused.ts";
import { complete, type Hyperparameters, type Preset, type Rule, stepRate } from "./rule.ts";
import { checkState, copySlots, type OptimizerState } from "./state.ts";
import { clipUpdate, prepareGradient, ruleUpdate, shrink } from "./updates.ts";

export type { ParameterGroup, ParameterList } from "./parameters.ts";

/** Hyperparameters, all with defaults, and the options that every optimizer has. */
export type OptimizerOptions<H> = Partial<H> & {
  /** The framework whose defaults and conventions hold for options not given. Default `"torch"`. */
  readonly preset?: Preset;
  /** Limits the gradients, before weight decay. Default: no limit. */
  readonly clip?: Clip;
};

const NOT_CLONED: symbol = Symbol("an optimizer (send its state() to restore)");

/**
 * Applies a {@link Rule} to parameters: the part that all optimizers share.
 *
 * A step checks all gradients and rates before it changes anything. Then, parameter after parameter:
 *
 *     gradient ─ clip ─ + weightDecay·x (L2) ─┐
 *     x ─ − lr·weightDecay·x (decoupled) ─────┤
 *     slots, coefficients of step t ──────────┴─ rule.update ─→ new x, new slots
 *
 * A NaN or infinite gradient passes into the weights; if a norm is clipped, it is an error. A finite one whose
 * square would make a slot infinite ({@link Rule.squares}) is an error. Only `update`s read numbers,
 * so that `compile` can trace a step. To train only a part of a net, pass only those parameters.
 */
export class Optimizer<H extends Hyperparameters> {
  static {
    refuseForAll(Optimizer.prototype);
  }
  readonly #rule: Rule<H>;
  readonly #groups: readonly Group<H>[];
  readonly #members: readonly Member<H>[];
  readonly #named: readonly NamedParameter[];
  /** The storages of all tensors that a rule writes. */
  readonly #owned: ReadonlySet<Tensor["storage"]>;
  /** The numbers of a step: for each group its learning rate and its coefficients. */
  readonly #numbers: readonly Tensor[];
  readonly #factors: readonly Tensor[];
  /** 1 for each gradient with a very large element, for rules that keep squares; else empty. */
  readonly #flags: readonly Tensor[];
  readonly #begin: UpdateSpec;
  readonly #clip: UpdateSpec | undefined;
  readonly #apply: UpdateSpec<Group<H>>;
  readonly #finish: UpdateSpec;
  /** The choices that its {@link state} does not hold: hyperparameters by group, and the limit of gradients. @internal */
  readonly settings: { readonly groups: readonly H[]; readonly clip: Clip | undefined };
  /** `structuredClone` and `postMessage` refuse symbols, and show this text. @internal */
  readonly cloning: symbol = NOT_CLONED;
  #stepCount = 0;

  /** @throws ArgumentError for wrong parameters or options. */
  constructor(rule: Rule<H>, parameters: ParameterList<H>, options: OptimizerOptions<H> = {}) {
    check("Optimizer", "rule", rule, complete);
    const who = rule.name;
    const groups = checkParameters(who, parameters);
    const known = [...Object.keys(rule.ranges), "preset", "clip"];
    const { preset = "torch", clip, ...given } = checkOptions(who, options, known);
    check(who, "preset", preset, ranges.oneOf("torch", "keras"));
    const resolve = (where: string, values: object, defaults: H): H => {
      const h = resolveOptions<H>(where, values, defaults, rule.ranges as { [K in keyof H]-?: Range });
      const conflict = rule.conflict?.(h);
      if (conflict !== undefined) throw new ArgumentError(`${where}: ${conflict}`);
      return h;
    };
    const shared = resolve(who, given, rule.defaults[preset as Preset]);
    const limits = clip === undefined ? undefined : checkClip(who, clip);
    this.#rule = rule;
    this.#groups = groups.map(({ overrides }, i) =>
      makeGroup(rule, resolve(`${who}, group ${i}`, overrides, shared)),
    );
    this.settings = { groups: this.#groups.map(({ h }) => h), clip: limits };
    refuseOptions(this, who, { preset, ...this.settings, ...shared });
    this.#named = groups.flatMap(({ parameters }) => parameters);
    this.#members = groups.flatMap(({ parameters }, i) =>
      parameters.map((named) => makeMember(named, this.#groups[i], limits)),
    );
    this.#owned = new Set(this.#members.flatMap(({ writes }) => writes.map(({ storage }) => storage)));
    this.#numbers = this.#groups.flatMap(({ learningRate, coefficients }) => [learningRate, coefficients]);
    this.#factors = this.#members.map(({ factor }) => factor);
    this.#flags = rule.squares ? this.#members.map(() => zeros([1])) : [];
    this.#begin = { name: "begin", run: (reads, numbers) => this.#fillNumbers(reads, numbers) };
    // A limit on elements needs no factor: it stays 1.
    this.#clip = limits && !("value" in limits) ? clipUpdate(limits, (i) => this.#refuse(i)) : undefined;
    this.#apply = ruleUpdate(rule);
    this.#finish = { name: "finish", run: () => void this.#stepCount++ };
  }

  /** The parameters it trains, group after group. */
  get parameters(): readonly Parameter[] {
    return this.#members.map(({ parameter }) => parameter);
  }

  /** Number of steps so far. */
  get stepCount(): number {
    return this.#stepCount;
  }

  /** The learning rate of the first group in the next step. */
  get learningRate(): number {
    return this.learningRates[0];
  }

  /** The learning rates of the next step, one per group. @throws ArgumentError if a schedule gives no finite rate ≥ 0. */
  get learningRates(): readonly number[] {
    return this.#groups.map(({ h: { learningRate } }) => {
      if (typeof learningRate === "number") return learningRate;
      const rate: unknown = learningRate(this.#stepCount);
      check(`${this.#who}.step`, `the learning rate of step ${this.#stepCount}`, rate, stepRate);
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
  step(gradients: GradientSource, ...extra: readonly undefined[]): void {
    noMore(`${this.#who}.step`, "gradients", extra);
    const given = gradientsFor(`${this.#who}.step`, this.#named, gradients);
    if (this.#clip) update(this.#clip, given, this.#factors, undefined);
    const prepared = this.#members.map((member, i) => this.#prepare(member, given[i]));
    const reads = this.#rule.squares
      ? this.#members.flatMap(({ writes }, i) => [prepared[i], ...writes])
      : [];
    findLarge(this.#flags.length > 0 ? prepared : [], this.#flags);
    update(this.#begin, [...this.#flags, ...reads], this.#numbers, undefined);
    for (const [i, member] of this.#members.entries()) this.#change(member, prepared[i]);
    update(this.#finish, [], [], undefined);
  }

  /** A copy of the state between steps, for checkpoints. */
  state(): OptimizerState {
    return {
      version: 1,
      optimizer: this.#rule.name,
      stepCount: this.#stepCount,
      slots: copySlots(this.#members),
    };
  }

  /**
   * Continues from a {@link Optimizer.state} with the same bits, given the same parameters and options.
   *
   * @throws FormatError with everything that does not fit; nothing is changed then.
   */
  restore(state: OptimizerState, ...extra: readonly undefined[]): void {
    noMore(`${this.#who}.restore`, "state", extra);
    checkState(`${this.#who}.restore`, this.#rule.name, this.#members, state);
    for (const { name, slots } of this.#members) {
      for (const [slot, values] of Object.entries(slots)) values.assign(state.slots[name][slot]);
    }
    this.#stepCount = state.stepCount;
  }

  /** @throws ArgumentError always: its JSON would leave out the numbers. */
  toJSON(): never {
    throw new ArgumentError(
      `${this.#who}.toJSON: an optimizer has tensors inside; state() gives them, and the checkpoints of fit store them`,
    );
  }

  /** The name of the rule with a small first letter, for messages: `adam`. */
  get #who(): string {
    return this.#rule.name.toLowerCase();
  }

  /**
   * Computes all numbers of the next step, refuses gradients that are too large for the rule, then writes the numbers.
   *
   * @param reads for a rule that keeps squares: all flags, then for each member its gradient, parameter and slots.
   */
  #fillNumbers(reads: readonly Float64Array[], numbers: readonly Float64Array[]): void {
    const rates = this.learningRates;
    const t = this.#stepCount + 1;
    const coefficients = this.#groups.map(({ h }, i) => coefficientsOf(this.#rule, h, t, rates[i]));
    coefficients.forEach((values, i) => {
      const expected = numbers[2 * i + 1].length;
      if (values.length === expected) return;
      throw new ArgumentError(
        `${this.#who}.step: the rule gave ${values.length} coefficients for step ${t}, ${expected} for step 1`,
      );
    });
    if (this.#flags.length > 0) refuseLarge(this.#rule, this.#members, this.#groups, reads, coefficients);
    for (let i = 0; i < rates.length; i++) {
      numbers[2 * i][0] = rates[i];
      const [values, place] = [coefficients[i], numbers[2 * i + 1]];
      for (let k = 0; k < values.length; k++) place[k] = values[k]; // faster than `set` for so few
    }
  }

  #refuse(index: number): never {
    throw new GradientError(
      `${this.#who}.step: the gradient of ${show(this.#members[index].name)} is not finite: it has no norm to clip`,
    );
  }

  /** The gradient of a parameter as the rule gets it. */
  #prepare({ parameter, preparation, factor, scratch }: Member<H>, given: Tensor): Tensor {
    if (preparation && scratch) {
      update(prepareGradient, [given, parameter, factor], [scratch], preparation);
      return scratch;
    }
    // A gradient that shares the storage of a parameter or slot would change during the step.
    return this.#owned.has(given.storage) ? mul(given.detach(), 1) : given;
  }

  /** Applies the rule to one parameter. */
  #change({ parameter, writes, group }: Member<H>, g: Tensor): void {
    const { weightDecay, decoupledWeightDecay } = group.h;
    if (decoupledWeightDecay && weightDecay !== 0) update(shrink, [group.learningRate], [parameter], group.h);
    update(this.#apply, [g, group.coefficients], writes, group);
  }
}
