import {
  ArgumentError,
  check,
  GradientError,
  Gradients,
  noMore,
  type Range,
  ranges,
  resolveOptions,
  show,
  Tensor,
} from "@gradus/core";

/** The order of a norm: 2 is √Σ g², Infinity the largest |g|. */
export type NormOrder = 2 | typeof Infinity;

/** Options of clipping by a norm. */
export interface NormOptions {
  /** 2 or Infinity (PyTorch's `norm_type`). Default 2. */
  readonly order?: NormOrder;
}

/** A limit for gradients: on each |element|, on the norm of each tensor, or on the norm of all tensors as one vector. */
export type Clip =
  | { readonly value: number }
  | ({ readonly norm: number } & NormOptions)
  | ({ readonly globalNorm: number } & NormOptions);

/**
 * Clips every element to [−limit, limit] (Keras' `clipvalue`, PyTorch's `clip_grad_value_`), which changes the
 * direction. Returns new tensors.
 *
 * @example adam.step(clipByValue(backward(loss), 0.5));
 */
export function clipByValue(gradients: Gradients, limit: number, ...extra: readonly undefined[]): Gradients {
  noMore("clipByValue", "gradients, limit", extra);
  check("clipByValue", "limit", limit, ranges.positive);
  return clipped("clipByValue", gradients, { value: limit });
}

/**
 * Scales each tensor g whose norm exceeds `limit` to that norm: g·(limit / ‖g‖) (Keras' `clipnorm`).
 *
 * The squares are added in row-major order. If the sum overflows or loses digits to underflow, it is computed again from
 * elements divided by the largest. With `order: Infinity` the norm is the largest |element|.
 *
 * @throws GradientError if a tensor has a NaN or infinite element.
 * @example adam.step(clipByNorm(backward(loss), 1));
 */
export function clipByNorm(
  gradients: Gradients,
  limit: number,
  options: NormOptions = {},
  ...extra: readonly undefined[]
): Gradients {
  noMore("clipByNorm", "gradients, limit, options", extra);
  check("clipByNorm", "limit", limit, ranges.positive);
  return clipped("clipByNorm", gradients, { norm: limit, order: orderOf("clipByNorm", options) });
}

/**
 * Scales all gradients by limit / {@link globalNorm} if that norm exceeds `limit` (Pascanu et al. 2013, On the difficulty
 * of training recurrent neural networks, Algorithm 1; Keras' `global_clipnorm`). This keeps the direction. PyTorch's
 * `clip_grad_norm_` divides by the norm + 1e-6, so its result is slightly shorter than the limit. With `order: Infinity` the
 * norm is the largest |element| of all.
 *
 * @throws GradientError if a tensor has a NaN or infinite element.
 * @example adam.step(clipByGlobalNorm(backward(loss), 1));
 */
export function clipByGlobalNorm(
  gradients: Gradients,
  limit: number,
  options: NormOptions = {},
  ...extra: readonly undefined[]
): Gradients {
  noMore("clipByGlobalNorm", "gradients, limit, options", extra);
  check("clipByGlobalNorm", "limit", limit, ranges.positive);
  return clipped("clipByGlobalNorm", gradients, {
    globalNorm: limit,
    order: orderOf("clipByGlobalNorm", options),
  });
}

/**
 * The norm of all gradients as one vector: √Σ g², or the largest |g| with `order: Infinity`. The squares are added in row-major
 * order, tensor after tensor in the order of `gradients.keys()`.
 *
 * @throws GradientError if a tensor has a NaN or infinite element.
 * @example globalNorm(backward(loss)) > 100 // exploding?
 */
export function globalNorm(
  gradients: Gradients,
  options: NormOptions = {},
  ...extra: readonly undefined[]
): number {
  noMore("globalNorm", "gradients, options", extra);
  const order = orderOf("globalNorm", options);
  const tensors = entries("globalNorm", gradients);
  const { unit, length } = norm(
    tensors.map(([, g]) => g.data),
    order,
    nameByShape("globalNorm", tensors),
  );
  return unit * length;
}

const orderRange: Range = {
  says: "must be 2 or Infinity",
  admits: (order) => order === 2 || order === Infinity,
};

function orderOf(who: string, options: NormOptions): NormOrder {
  return resolveOptions<Required<NormOptions>>(who, options, { order: 2 }, { order: orderRange }).order;
}

/** Checks the `clip` option of an optimizer. */
export function checkClip(who: string, clip: unknown): Clip {
  const keys = typeof clip === "object" ? Object.keys(Object(clip)) : [];
  const kinds = keys.filter((key) => key !== "order");
  const [kind] = kinds;
  if (
    kinds.length !== 1 ||
    !["value", "norm", "globalNorm"].includes(kind) ||
    (kind === "value" && keys.length > 1)
  ) {
    const got = keys.length > 0 ? `{ ${keys.join(", ")} }` : show(clip);
    const orders = keys.includes("order") ? "; order: Infinity goes with norm or globalNorm" : "";
    throw new ArgumentError(
      `${who}: clip must be one of { value }, { norm }, { globalNorm }, got ${got}${orders}`,
    );
  }
  const given = clip as Readonly<Record<string, unknown>>;
  check(who, `clip.${kind}`, given[kind], ranges.positive);
  if (given.order !== undefined) check(who, "clip.order", given.order, orderRange);
  return { ...(clip as Clip) };
}

/** The limit on each |element|; Infinity for the other limits. */
export function clipLimit(clip: Clip | undefined): number {
  return clip && "value" in clip ? clip.value : Infinity;
}

/**
 * The factor for each gradient, 1 if its norm is within the limit.
 *
 * @param refuse throws the error for a gradient that is not finite, if a norm is needed.
 */
export function clipFactors(clip: Clip, gradients: readonly Float64Array[], refuse: Refusal): number[] {
  if ("value" in clip) return gradients.map(() => 1);
  if ("norm" in clip) {
    return gradients.map((g, i) =>
      factor(
        clip.norm,
        norm([g], clip.order, () => refuse(i)),
      ),
    );
  }
  const shared = factor(clip.globalNorm, norm(gradients, clip.order, refuse));
  return gradients.map(() => shared);
}

/** out = g·factor, cut to [−limit, limit]. */
export function writeClipped(out: Float64Array, g: Float64Array, factor: number, limit: number): void {
  for (let i = 0; i < out.length; i++) out[i] = Math.min(Math.max(g[i] * factor, -limit), limit);
}

/** Throws the error for the gradient of that index. */
export type Refusal = (index: number) => never;

/** A smaller sum of squares may have lost digits to underflow. */
const TINY = 1e-280;

/** A norm, unit·length: as two factors, because it may be beyond 1.8e308 although no element is. */
interface Norm {
  readonly unit: number;
  readonly length: number;
}

function norm(gradients: readonly Float64Array[], order: NormOrder | undefined, refuse: Refusal): Norm {
  const largestAlone = order === Infinity;
  const squares = largestAlone ? 0 : sumOfSquares(gradients, 1);
  if (squares >= TINY && squares < Infinity) return { unit: 1, length: Math.sqrt(squares) };
  let largest = 0;
  gradients.forEach((g, index) => {
    for (let i = 0; i < g.length; i++) {
      if (!Number.isFinite(g[i])) refuse(index);
      largest = Math.max(largest, Math.abs(g[i]));
    }
  });
  if (largestAlone) return { unit: largest, length: 1 };
  return { unit: largest, length: largest === 0 ? 0 : Math.sqrt(sumOfSquares(gradients, largest)) };
}

function sumOfSquares(gradients: readonly Float64Array[], unit: number): number {
  let sum = 0;
  for (const g of gradients) {
    for (let i = 0; i < g.length; i++) {
      const part = g[i] / unit;
      sum += part * part;
    }
  }
  return sum;
}

function factor(limit: number, { unit, length }: Norm): number {
  return unit * length > limit ? limit / unit / length : 1;
}

function clipped(who: string, gradients: Gradients, clip: Clip): Gradients {
  const tensors = entries(who, gradients);
  const arrays = tensors.map(([, g]) => g.data);
  const factors = clipFactors(clip, arrays, nameByShape(who, tensors));
  const limit = clipLimit(clip);
  return new Gradients(
    new Map(
      tensors.map(([x, g], index) => {
        const out = new Float64Array(g.size);
        writeClipped(out, g.data, factors[index], limit);
        return [x, new Tensor(out, g.shape)];
      }),
    ),
  );
}

function entries(who: string, gradients: Gradients): [x: Tensor, g: Tensor][] {
  if (!(gradients instanceof Gradients)) {
    throw new ArgumentError(`${who}: needs the Gradients of backward(loss), got ${show(gradients)}`);
  }
  return [...gradients.keys()].map((x) => [x, gradients.of(x)]);
}

function nameByShape(who: string, tensors: readonly [x: Tensor, g: Tensor][]): Refusal {
  return (index) => {
    throw new GradientError(`${who}: the gradient of shape ${show(tensors[index][0].shape)} is not finite`);
  };
}
