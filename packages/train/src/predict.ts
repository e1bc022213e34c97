import {
  formatShape,
  type InputOf,
  type NetInput,
  type NotInferred,
  noMore,
  ranges,
  resolveOptions,
  ShapeError,
  Tensor,
  zeros,
} from "@gradus/core";
import { refuseUnread } from "@gradus/core/internal";
import { type AnyDataset, Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { checkNet, checkOutput } from "./checks.ts";
import { compiled, FEW_SAMPLES } from "./compiled.ts";
import { givenInputs, netInput, sampleCount } from "./net-input.ts";

/** Options of {@link predict}. */
export interface PredictOptions {
  /** Samples per batch: more are faster and take more memory. Default 256. */
  readonly batchSize?: number;
}

/**
 * The outputs of a net for many inputs, computed batch by batch in evaluation mode. Draws no random numbers and
 * changes nothing. It compiles the net anew in each call, unless there are at most 32 samples; for many calls with few samples
 * {@link predictor} is faster.
 * Within one call of more than 32 samples, JavaScript variables that the net reads keep the value that they had for the first
 * batch; batches of another size read them anew.
 *
 * Shapes: inputs [n, ...] (all samples, stacked; for a net with several inputs an object of such tensors by name) or a dataset, whose targets are not used → [n, ...outputs]. The
 * result is a constant: no gradient flows through it.
 *
 * @throws ShapeError for a scalar, or a net that does not give one output per sample; ArgumentError for inputs that are
 *   none of these, for an input that is missing or that the net does not read, or options out of range.
 * @example predict(net, test).argmax({ axis: 1 }); // classes, [n]
 */
export function predict<In = Tensor>(
  net: Layer<In>,
  inputs: In,
  options?: PredictOptions,
  ...extra: readonly undefined[]
): Tensor;
export function predict<Names extends string = never>(
  net: Layer<InputOf<NotInferred<Names>>>,
  dataset: Dataset<Names>,
  options?: PredictOptions,
  ...extra: readonly undefined[]
): Tensor;
export function predict(
  net: Layer<NetInput>,
  inputs: NetInput | AnyDataset,
  options: PredictOptions = {},
  ...extra: readonly undefined[]
): Tensor {
  noMore("predict", "net, inputs, options", extra);
  checkNet("predict", net);
  const { batchSize } = resolveOptions<typeof defaults>("predict", options, defaults, allowed);
  const { names, size, batch } = reader(inputs);
  const read = new Set<string>();
  const forward = compiled(
    "predict",
    (...tensors: Tensor[]) => {
      const out = net.forward(netInput(names, tensors, read));
      checkOutput("predict: ", out);
      return out;
    },
    size > FEW_SAMPLES,
  );
  let out: Tensor | undefined;
  try {
    // At least once, because the shape of the outputs is known only after a forward pass.
    for (let start = 0; start < size || out === undefined; start += batchSize) {
      const end = Math.min(start + batchSize, size);
      const part = forward(...batch(start, end));
      if (names !== undefined) refuseUnread(names, read, "predict: ");
      if (part.shape[0] !== end - start) {
        throw new ShapeError(
          `predict: the net made ${formatShape(part.shape)} of ${end - start} samples; it must give one output for each, [n, ...]`,
        );
      }
      out ??= zeros([size, ...part.shape.slice(1)]);
      out.data.set(part.data, start === 0 ? 0 : (out.size / size) * start);
    }
    return out;
  } finally {
    forward.release();
  }
}

const allowed = { batchSize: ranges.positiveCount };
const defaults = { batchSize: 256 };

/** The samples of tensors or a dataset: their number, and batches of them. */
interface Reader {
  /** The names of the inputs; undefined for one without a name. */
  readonly names: readonly string[] | undefined;
  readonly size: number;
  /** The tensor of each input. */
  batch(start: number, end: number): readonly Tensor[];
}

function reader(inputs: NetInput | AnyDataset): Reader {
  if (inputs instanceof Dataset) {
    const batch = (start: number, end: number): readonly Tensor[] => {
      const part = inputs.batch(Uint32Array.from({ length: end - start }, (_, i) => start + i)).inputs;
      return part instanceof Tensor ? [part] : Object.values(part);
    };
    return { names: inputs.inputNames, size: inputs.size, batch };
  }
  const given = givenInputs("predict", inputs, "a tensor [n, ...] or a Dataset");
  const size = sampleCount("predict", given);
  const rows = (x: Tensor, start: number, end: number): Tensor => {
    const out = zeros([end - start, ...x.shape.slice(1)]);
    const step = size === 0 ? 0 : x.size / size;
    out.data.set(x.data.subarray(start * step, end * step));
    return out;
  };
  return { names: given.names, size, batch: (start, end) => given.tensors.map((x) => rows(x, start, end)) };
}
