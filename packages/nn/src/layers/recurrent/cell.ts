import {
  concat,
  linear,
  matmul,
  Parameter,
  type Range,
  type Rng,
  randomStream,
  ranges,
  type Shape,
  slice,
  type Tensor,
  zeros,
} from "@gradus/core";
import { type Initializer, initialize, initializerRange } from "../../initialize.ts";
import { glorotUniform } from "../../initializers.ts";
import { orthogonal } from "../../orthogonal.ts";

/** More layers on top of each other have no use, and soon no memory. */
const MOST_LAYERS = 1000;

/** Options that all recurrent layers have. */
export interface RecurrentOptions {
  /** The random stream for the initial values: for each layer the weight, the recurrent weight, then the biases. */
  readonly rng: Rng;
  /** How many layers lie on top of each other; each takes the states h of the one below; at most 1000. Default 1. */
  readonly layers?: number;
  /** Whether the output has the state h of every step, or of the last step alone. Default false, as in Keras. */
  readonly returnSequences?: boolean;
  /** Initial weight of each gate, [in, size]. Default `glorotUniform`, as in Keras (which draws all gates as one matrix). */
  readonly init?: Initializer;
  /** Initial recurrent weight of each gate, [size, size]. Default `orthogonal()`, as in Keras (likewise). */
  readonly recurrentInit?: Initializer;
  /** Whether there are biases. Default true. */
  readonly bias?: boolean;
  /** Initial bias of each gate, [size]. Default core's `zeros`. */
  readonly biasInit?: Initializer;
}

export const recurrentDefaults: Required<Omit<RecurrentOptions, "rng">> = {
  layers: 1,
  returnSequences: false,
  init: glorotUniform,
  recurrentInit: /* @__PURE__ */ orthogonal(),
  bias: true,
  biasInit: zeros,
};

export const recurrentRanges: Record<keyof RecurrentOptions, Range> = {
  rng: randomStream,
  layers: {
    says: `must be a whole number from 1 to ${MOST_LAYERS}`,
    admits: (x) => ranges.positiveCount.admits(x) && Number(x) <= MOST_LAYERS,
  },
  returnSequences: ranges.flag,
  init: initializerRange,
  recurrentInit: initializerRange,
  bias: ranges.flag,
  biasInit: initializerRange,
};

/** The parameters of one layer. The gates lie side by side along the last axis. */
export interface Cell {
  /** [in, gates·size]: the factor of the input of a step. */
  readonly weight: Parameter;
  /** [size, gates·size]: the factor of the state h. */
  readonly recurrentWeight: Parameter;
  /** [gates·size]; null without biases. */
  readonly bias: Parameter | null;
  /** [gates·size]: a second bias, added to the product of the state, where the formula has one; else null. */
  readonly recurrentBias: Parameter | null;
}

/** One step of a cell: the states after it, from its input [n, in] and the states before it, [n, size] each, h first. */
export type Step = (x: Tensor, states: readonly Tensor[]) => readonly Tensor[];

/** What the base class needs to know about a kind of recurrent layer. */
export interface CellKind {
  readonly gates: number;
  /** The names of the states, h first. */
  readonly states: readonly string[];
  /** Whether there is a second bias. Default false. */
  readonly recurrentBias?: boolean;
}

/** The cells of the layers on top of each other. */
export function makeCells(
  who: string,
  { gates, recurrentBias = false }: CellKind,
  inputSize: number,
  size: number,
  options: Required<RecurrentOptions>,
): readonly Cell[] {
  const { rng, layers, init, recurrentInit, bias, biasInit } = options;
  const perGate = (initializer: Initializer, shape: Shape): Parameter => {
    const each = Array.from({ length: gates }, () => initialize(who, initializer, shape, rng));
    return new Parameter(concat(each, { axis: -1 }).detach());
  };
  return Array.from({ length: layers }, (_, i) => ({
    weight: perGate(init, [i === 0 ? inputSize : size, size]),
    recurrentWeight: perGate(recurrentInit, [size, size]),
    bias: bias ? perGate(biasInit, [size]) : null,
    recurrentBias: bias && recurrentBias ? perGate(biasInit, [size]) : null,
  }));
}

/** x·W + b, without b if there is none. */
export function affine(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  return bias ? linear(x, weight, bias) : matmul(x, weight);
}

/** A parameter [..., gates·size] gate by gate. */
export function gatesOf(parameter: Tensor, gates: number): Tensor[] {
  const size = parameter.shape[parameter.rank - 1] / gates;
  return Array.from({ length: gates }, (_, i) =>
    slice(parameter, { axis: -1, start: i * size, end: (i + 1) * size }),
  );
}
