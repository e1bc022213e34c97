import {
  ArgumentError,
  backward,
  formatShape,
  mul,
  type NetInput,
  noMore,
  norm,
  notTensor,
  type Range,
  ranges,
  resolveOptions,
  ShapeError,
  show,
  square,
  sum,
  Tensor,
} from "@gradus/core";
import { isNamedInputs, refuseOperators } from "@gradus/core/internal";
import { type Layer, layerOutputs } from "@gradus/nn";
import type { Moments } from "./moments/net-input.ts";
import { figure } from "./snn-report/figure.ts";
import { measure, weightsOf } from "./snn-report/measure.ts";
import type { SnnLayer, SnnReportData } from "./snn-report/result.ts";
import { rowsOf } from "./snn-report/rows.ts";
import { isCovered, type Stage, stagesOf } from "./snn-report/stages.ts";
import { table } from "./snn-report/table.ts";
import { warningsOf } from "./snn-report/warnings.ts";

export type { SnnLayer, SnnReportData } from "./snn-report/result.ts";
export type { StageKind } from "./snn-report/stages.ts";
export type { Band } from "./snn-report/theory.ts";

/** Options of {@link snnReport}. */
export interface SnnReportOptions {
  /** The function to differentiate. Default: half the squared length of an output, averaged over the batch. */
  readonly loss?: (output: Tensor) => Tensor;
}

/** Options of {@link snnReport} with a loss such as `crossEntropy`. */
export interface SnnReportTargets {
  readonly loss: (output: Tensor, targets: Tensor) => Tensor;
  readonly targets: Tensor;
}

type Options = SnnReportOptions | SnnReportTargets;

const allowed: Record<keyof SnnReportTargets, Range> = {
  loss: ranges.optional({ ...ranges.callable, says: "must be a function (output, targets) => Tensor" }),
  targets: ranges.optional({
    says: "must be a tensor",
    admits: (value) => value instanceof Tensor,
  }),
};

/** The result of {@link snnReport}: plain data with a table and a figure. */
export class SnnReport implements SnnReportData {
  static {
    refuseOperators(SnnReport.prototype, "a report", "report.layers has its numbers");
  }

  readonly outcome: SnnReportData["outcome"];
  readonly samples: number;
  readonly input: Moments;
  readonly layers: readonly SnnLayer[];
  readonly warnings: readonly string[];

  /** Users call {@link snnReport}. @internal */
  constructor(data: SnnReportData) {
    this.outcome = data.outcome;
    this.samples = data.samples;
    this.input = data.input;
    this.layers = data.layers;
    this.warnings = data.warnings;
    Object.freeze(this);
  }

  /**
   * An aligned table of at most 100 columns, a row for the input and each layer, and the warnings. `!` marks values outside
   * of their band; `from (0,1)` is `distance`, `grad. norm` is `gradientNorm`.
   */
  toString(): string {
    return table(this);
  }

  /**
   * A figure as the text of an SVG file: variance and mean by layer, the band as an area, the theory as a line, measured
   * values as points. The axis of the variance is logarithmic if it spans more than a decade.
   */
  toSVG(): string {
    return figure(this);
  }
}

/**
 * Reports whether a net is self-normalizing: mean and variance of its activations layer by layer, their expected values,
 * and the causes of deviations.
 *
 * The net runs once on the batch in evaluation mode, with one backward pass; nothing is changed. A row is a Dense,
 * Conv1d, Conv2d or ConvTranspose2d with the layers up to the next one, in Sequentials at any depth. Any other layer counts
 * as one: a Dense inside it has no row. Moments of a convolution are over all samples, positions and channels.
 *
 * - `theory` applies the paper's map g from layer to layer, to the mean and variance of each sample of the batch, with the
 *   mean and variance of the actual weights and biases. As the mean is over all units, whose Σw differ, g gets the
 *   variance Σw²·(ν + μ²); it is exact for wide layers of independent weights. After a layer other than SELU it starts
 *   again from the measured values: also after a pool or Upsample, which change the moments or their places.
 *   For a convolution it is applied at each position, to the mean and mean square of the inputs (ky, kx, c) there; zeros of
 *   the padding count as inputs, so the variance falls towards the border. Channels of different groups count as alike.
 * - `band` holds the value for this batch in 95 % of all nets of these widths with LeCun weights and no biases; it does
 *   not depend on the weights of this net. It is wider for fewer units (samples share the weights, so more samples do not
 *   help) and for samples that are more alike. It stops widening with depth, because g reduces the deviation of the layer
 *   below. By chance, each value is outside in one of twenty cases.
 * - `warnings` are about SELU with weights of a variance other than 1/fan_in or biases that are not small, SELU with plain
 *   Dropout, AlphaDropout after another layer than SELU, input that is not standardised or has outliers, and activations
 *   that are not finite. Chance deviations give no warning.
 *
 * The report is for a net before training; training may change the moments. A net with neither SELU nor AlphaDropout is
 * measured too, without band, theory or warnings.
 *
 * Klambauer et al. 2017, Self-Normalizing Neural Networks, eqs. 3–5 and theorem 1.
 *
 * @param batch [N, ...], N ≥ 1: inputs of the net, the more samples the better. For a net whose first layer takes several
 *   inputs an object of them by name; the report is about the layers behind it.
 * @param options `loss` and `targets`: see {@link SnnReportOptions} and {@link SnnReportTargets}.
 * @throws ArgumentError if the batch is empty or not finite, the net has no such layer, or for a bad option; ShapeError if
 *   a layer does not fit its input.
 *
 * @example
 * const net = new Sequential(new Dense(20, 50, { rng }), new SELU(), new Dense(50, 3, { rng }));
 * const report = snnReport(net, rng.normal([200, 20]));
 * console.log(String(report)); // the table
 * report.warnings;             // []
 * report.toSVG();              // <svg …
 */
export function snnReport<In = Tensor>(net: Layer<In>, batch: In, options?: SnnReportOptions): SnnReport;
/** With a loss of the output and targets.  @example snnReport(net, x, { targets, loss: crossEntropy }); */
export function snnReport<In = Tensor>(net: Layer<In>, batch: In, options: SnnReportTargets): SnnReport;
export function snnReport(
  net: Layer<NetInput>,
  batch: NetInput,
  given: Options = {},
  ...extra: readonly undefined[]
): SnnReport {
  noMore("snnReport", "net, batch, options", extra);
  const options = checkArguments(net, given);
  const samples = checkBatch(batch);
  const layerwise = layerOutputs(net, detached(batch));
  const { before, stages } = stagesOf(layerwise);
  if (stages.length === 0) {
    const hint =
      batch instanceof Tensor
        ? ""
        : "; it sees those behind the layer that puts the inputs together: new Sequential(towers, …)";
    throw new ArgumentError(`snnReport: the net has no Dense or convolution layer to report on${hint}`);
  }
  const input = layerwise[before.length].input as Tensor; // of a layer with weights
  const norms = gradientNorms(stages, options);
  const weights = stages.map(({ weighted }) => weightsOf(weighted));
  const covered = isCovered(before, stages);
  const layers = rowsOf(stages, weights, input).map((row, i): SnnLayer => {
    const measured = { ...row, ...norms[i] };
    return covered ? measured : { ...measured, band: null, outside: [], theory: null };
  });
  const warnings = covered ? warningsOf({ before, stages, weights, input, layers }) : [];
  const { mean, variance } = measure(input);
  return new SnnReport({
    outcome: covered ? (warnings.length === 0 ? "clean" : "warnings") : "nothing to report",
    samples,
    input: { mean, variance },
    layers,
    warnings,
  });
}

type GradientNorms = Pick<SnnLayer, "gradientNorm" | "outputGradientNorm">;

function gradientNorms(stages: readonly Stage[], options: Options): GradientNorms[] {
  const outputs = stages.map(({ output }) => output);
  const loss = lossOf(outputs[outputs.length - 1], options);
  if (!(loss instanceof Tensor) || loss.size !== 1) {
    const got = loss instanceof Tensor ? `a tensor of shape ${formatShape(loss.shape)}` : show(loss);
    throw new ArgumentError(`snnReport: loss must give a single number, got ${got}`);
  }
  if (!loss.tracked) throw new ArgumentError("snnReport: the loss does not depend on the net's output");
  const gradients = backward(loss, { inputs: outputs });
  const normOf = (x: Tensor): number | null => {
    const gradient = gradients.get(x);
    return gradient === undefined ? null : norm(gradient).item();
  };
  return stages.map(({ weighted, output }) => ({
    gradientNorm: normOf(weighted.weight),
    outputGradientNorm: normOf(output),
  }));
}

function lossOf(output: Tensor, options: Options): Tensor {
  if ("targets" in options) return options.loss(output, options.targets);
  if (options.loss !== undefined) return options.loss(output);
  return mul(sum(square(output)), 0.5 / output.shape[0]);
}

/** @returns the options. */
function checkArguments(net: Layer<never>, options: unknown): Options {
  if (typeof net?.forward !== "function") {
    throw new ArgumentError(`snnReport: a net is an object with a forward method, got ${show(net)}`);
  }
  const resolved = resolveOptions<Partial<SnnReportTargets>>("snnReport", options, {}, allowed);
  if (resolved.targets !== undefined && resolved.loss === undefined) {
    throw new ArgumentError("snnReport: targets are of no use without a loss, such as crossEntropy");
  }
  return resolved as Options;
}

/** @returns the number of samples. */
function checkBatch(batch: NetInput): number {
  if (isNamedInputs(batch)) {
    return Object.entries(batch).map(([name, x]) => checkInput(x, `the input ${name} of the batch`, 1))[0];
  }
  return checkInput(batch, "the batch", 2);
}

/** @param least axes: indices, such as those for an Embedding, may be [N]. */
function checkInput(x: Tensor, what: string, least: number): number {
  if (!(x instanceof Tensor)) {
    throw new ArgumentError(`snnReport: ${what} must be a tensor [N, ...], got ${notTensor(x)}`);
  }
  if (x.rank < least) {
    throw new ShapeError(
      `snnReport: ${what} must be [N, ...], got ${formatShape(x.shape)}; one sample is [1, ...]`,
    );
  }
  if (x.size === 0) throw new ArgumentError(`snnReport: ${what} is empty, shape ${formatShape(x.shape)}`);
  const broken = x.data.findIndex((value) => !Number.isFinite(value));
  if (broken < 0) return x.shape[0];
  const sample = Math.floor((broken * x.shape[0]) / x.size);
  throw new ArgumentError(`snnReport: sample ${sample} of ${what} holds ${x.data[broken]}`);
}

function detached(batch: NetInput): NetInput {
  if (!isNamedInputs(batch)) return batch.detach();
  return Object.fromEntries(Object.entries(batch).map(([name, x]) => [name, x.detach()]));
}
