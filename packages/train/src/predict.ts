import {
  ArgumentError,
  formatShape,
  noMore,
  notTensor,
  ranges,
  resolveOptions,
  ShapeError,
  Tensor,
  zeros,
} from "@gradus/core";
import { Dataset } from "@gradus/data";
import type { Layer } from "@gradus/nn";
import { checkNet } from "./checks.ts";
import { compiled, FEW_SAMPLES } from "./compiled.ts";

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
 * Shapes: inputs [n, ...] (all samples, stacked) or a dataset, whose targets are not used → [n, ...outputs]. The
 * result is a constant: no gradient flows through it.
 *
 * @throws ShapeError for a scalar, or a net that does not give one output per sample; ArgumentError for inputs that are
 *   neither tensor nor dataset, or options out of range.
 * @example predict(net, test).argmax({ axis: 1 }); // classes, [n]
 */
export function predict(
  net: Layer,
  inputs: Tensor | Dataset,
  options: PredictOptions = {},
  ...extra: readonly undefined[]
): Tensor {
  noMore("predict", "net, inputs, options", extra);
  checkNet("predict", net);
  const { batchSize } = resolveOptions<typeof defaults>("predict", options, defaults, allowed);
  const { size, batch } = reader(inputs);
  const forward = compiled("predict", (x: Tensor) => net.forward(x), size > FEW_SAMPLES);
  let out: Tensor | undefined;
  try {
    // At least once, because the shape of the outputs is known only after a forward pass.
    for (let start = 0; start < size || out === undefined; start += batchSize) {
      const end = Math.min(start + batchSize, size);
      const part = forward(batch(start, end));
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

/** The samples of a tensor or a dataset: their number, and batches of them. */
interface Reader {
  readonly size: number;
  batch(start: number, end: number): Tensor;
}

function reader(inputs: Tensor | Dataset): Reader {
  if (inputs instanceof Dataset) {
    const batch = (start: number, end: number): Tensor =>
      inputs.batch(Uint32Array.from({ length: end - start }, (_, i) => start + i)).inputs;
    return { size: inputs.size, batch };
  }
  if (!(inputs instanceof Tensor)) {
    throw new ArgumentError(`predict: needs a tensor [n, ...] or a Dataset, got ${notTensor(inputs)}`);
  }
  if (inputs.rank === 0) {
    throw new ShapeError("predict: a scalar is no list of samples; the inputs must be [n, ...]");
  }
  const [size, ...sample] = inputs.shape;
  return {
    size,
    batch: (start, end) => {
      const out = zeros([end - start, ...sample]);
      const step = size === 0 ? 0 : inputs.size / size;
      out.data.set(inputs.data.subarray(start * step, end * step));
      return out;
    },
  };
}
