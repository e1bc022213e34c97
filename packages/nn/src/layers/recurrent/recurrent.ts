import { ArgumentError, check, ranges, type Shape, show, stack, type Tensor, where } from "@gradus/core";
import type { Layer } from "../../layer.ts";
import type { Mode } from "../../mode.ts";
import { checks } from "../../named-parameters.ts";
import type { HasWidths, Widths } from "../../widths.ts";
import { type Cell, type CellKind, makeCells, type RecurrentOptions, type Step } from "./cell.ts";
import { type SequenceOptions, takeSequence } from "./sequence-options.ts";
import { stepsOf } from "./steps.ts";

/** What `run` returns. */
export interface SequenceResult {
  /** As `forward` returns it. */
  readonly output: Tensor;
  /** The states after the last step, h and others, each [layers, n, size]. */
  readonly states: readonly Tensor[];
}

/** What the recurrent layers share. */
export abstract class Recurrent<In extends number = number, Size extends number = number>
  implements Layer, HasWidths<Widths<In, Size>>
{
  declare readonly "~widths"?: Widths<In, Size>;
  readonly inputSize: In;
  readonly size: Size;
  readonly returnSequences: boolean;
  /** The parameters of each layer, the one that takes the input first. */
  readonly cells: readonly Cell[];
  /** The names of the states, h first. */
  readonly stateNames: readonly string[];

  protected constructor(
    who: string,
    kind: CellKind,
    [inputSize, size]: readonly [In, Size],
    options: Required<RecurrentOptions>,
  ) {
    this.inputSize = inputSize;
    this.size = size;
    this.returnSequences = options.returnSequences;
    this.cells = makeCells(who, kind, inputSize, size, options);
    this.stateNames = kind.states;
    checks.fixFields?.(this, "inputSize", "size", "stateNames");
  }

  /** One step of a cell, with its parameters as they are now. */
  protected abstract stepOf(cell: Cell): Step;

  /** The state h after every step, [n, time, size], or after the last one, [n, size]. All states begin at zero. */
  forward(x: Tensor, mode?: Mode): Tensor {
    if (mode !== undefined && !isMode(mode)) {
      throw new ArgumentError(
        `${this}: forward begins at zero, and its second argument is a mode { train, rng }, got ${show(mode)}; run(x, { states, ` +
          "lengths, mask }) takes states and padded sequences",
      );
    }
    return this.#run(x, {}).output;
  }

  /**
   * As `forward`, with initial states, padded sequences, the other direction; and the states after the last step. A padded step
   * leaves the states as they were, so its output is that of the step before it (in PyTorch it is 0).
   *
   * @throws ShapeError for an input, states, lengths or a mask of other shapes; ArgumentError for lengths that are not whole
   *   numbers from 0 to time, and for lengths together with a mask.
   * @example
   * const { output, states } = gru.run(x, { lengths: [5, 3] });
   * gru.run(next, { states }); // goes on where x ended
   */
  run(x: Tensor, options: SequenceOptions = {}): SequenceResult {
    const { output, last } = this.#run(x, options);
    return { output, states: this.stateNames.map((_, i) => stack(last.map((states) => states[i]))) };
  }

  /** The text of a layer: its kind, its sizes, and the options that are not the default. */
  protected text(kind: string, own: readonly string[] = []): string {
    const { cells, returnSequences } = this;
    const options = [
      ...(cells.length === 1 ? [] : [`layers=${cells.length}`]),
      ...(returnSequences ? ["returnSequences=true"] : []),
      ...(cells[0].bias ? [] : ["bias=false"]),
      ...own,
    ];
    return `${kind}(${[this.inputSize, this.size, ...options].join(", ")})`;
  }

  #run(x: Tensor, options: SequenceOptions): { output: Tensor; last: readonly (readonly Tensor[])[] } {
    checks.tensor?.(this, x);
    const { inputSize, size, cells, returnSequences } = this;
    const fits = x.rank === 3 && x.shape[2] === inputSize && x.shape[1] > 0;
    const way = fits ? "" : wayToSequences(x.shape, inputSize);
    checks.input?.(this, fits, x.shape, `[n, time, ${inputSize}] of at least one step${way}`);
    const sized = { size, layers: cells.length, states: this.stateNames };
    const { states, mask, reverse } = takeSequence(this, sized, options, x.shape);
    const masks = mask && stepsOf(mask);
    // Padding is replaced, because the gradient of a weight multiplies it by 0, which NaN would survive.
    let sequence = stepsOf(mask ? where(mask, x, 0) : x);
    const last = cells.map((cell, i) => {
      const { hidden, final } = unroll(this.stepOf(cell), sequence, states[i], masks, reverse);
      sequence = hidden;
      return final;
    });
    return { output: returnSequences ? stack(sequence, { axis: 1 }) : last[last.length - 1][0], last };
  }
}

/** Whether a value is a mode; other frameworks take states, lengths or masks there, which would not count. */
function isMode(mode: unknown): boolean {
  if (typeof mode !== "object" || mode === null || Array.isArray(mode)) return false;
  return Object.keys(mode).every((key) => key === "train" || key === "rng");
}

/** The way out for inputs that are often given in place of sequences, in brackets. */
function wayToSequences(shape: Shape, inputSize: number): string {
  const { length } = shape;
  const [, second, third] = shape;
  if (length === 2 && second === inputSize) {
    return " (a recurrent layer before it needs returnSequences: true; one sequence is [1, time, features])";
  }
  if (length === 3 && second === inputSize && third !== inputSize) {
    return " (if the features come first, x.permute({ axes: [0, 2, 1] }) puts them last)";
  }
  return "";
}

/** The name of a layer in messages, once its sizes are checked. */
export function checkedName(kind: string, inputSize: number, size: number): string {
  check(kind, "the number of inputs", inputSize, ranges.positiveCount);
  check(kind, "the number of units", size, ranges.positiveCount);
  return `${kind}(${inputSize}, ${size})`;
}

/** All steps of one layer: the state h after each of them, and all states after the last. */
function unroll(
  step: Step,
  inputs: readonly Tensor[],
  initial: readonly Tensor[],
  masks: readonly Tensor[] | null,
  reverse: boolean,
): { hidden: Tensor[]; final: readonly Tensor[] } {
  const hidden: Tensor[] = [];
  let states = initial;
  for (let i = 0; i < inputs.length; i++) {
    const t = reverse ? inputs.length - 1 - i : i;
    const before = states;
    const after = step(inputs[t], before);
    states = masks ? after.map((state, k) => where(masks[t], state, before[k])) : after;
    hidden[t] = states[0];
  }
  return { hidden, final: states };
}
