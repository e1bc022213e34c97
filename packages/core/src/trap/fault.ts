import type { FaultOperand } from "../numerics-error.ts";
import type { AnySpec } from "../op.ts";
import { compute } from "../op.ts";
import { broadcastStrides, type Shape, sizeOf, stridesOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";

/** A run of an op: its operands, params and result. */
export interface Run {
  readonly spec: AnySpec;
  readonly inputs: readonly Tensor[];
  readonly out: Float64Array;
  readonly shape: Shape;
  readonly params: unknown;
}

/** How far numbers are from finite: 0 if all are finite, 1 if one is infinite, 2 if one is NaN. */
export type Badness = 0 | 1 | 2;

/** The worst of the numbers of tensors. */
export function badnessOf(tensors: readonly Pick<Tensor, "data">[]): Badness {
  let worst: Badness = 0;
  for (const { data } of tensors) {
    for (let i = 0; i < data.length; i++) {
      if (Number.isFinite(data[i])) continue;
      if (Number.isNaN(data[i])) return 2;
      worst = 1;
    }
  }
  return worst;
}

/** The position of the first number that is worse; -1 if there is none. */
export function firstWorse(data: Float64Array, than: Badness): number {
  return data.findIndex((x) => (than === 0 ? !Number.isFinite(x) : than === 1 && Number.isNaN(x)));
}

/** The index along each axis of the element at position `place`. */
export function indexOf(place: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, axis) => Math.floor(place / stride) % shape[axis]);
}

/** The operands of the element at `place` of a result, with one number of each if these alone determine it. */
export function operandsOf(run: Run, place: number, nameOf: (x: Tensor) => string | null): FaultOperand[] {
  const places = run.inputs.map((x) => placeIn(x.shape, place, run.shape));
  const alone = determines(run, place, places);
  return run.inputs.map((x, i) => describe(x, alone ? places[i] : undefined, nameOf));
}

/** The description of an operand. `place` is the position of the number that determines the element, if known. */
export function describe(
  x: Tensor,
  place: number | undefined,
  nameOf: (x: Tensor) => string | null,
): FaultOperand {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of x.data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { name: nameOf(x), shape: x.shape, value: place === undefined ? null : x.data[place], min, max };
}

/** The position in an operand of the number that broadcasts to `place` in `outShape`; undefined if it does not broadcast. */
function placeIn(shape: Shape, place: number, outShape: Shape): number | undefined {
  const lead = outShape.length - shape.length;
  if (lead < 0 || shape.some((size, axis) => size !== 1 && size !== outShape[lead + axis])) return undefined;
  const strides = broadcastStrides(shape, outShape.length);
  return indexOf(place, outShape).reduce((sum, index, axis) => sum + index * strides[axis], 0);
}

/**
 * Whether an element depends only on the numbers at these places of the operands, as in element-wise ops. Shapes do not
 * show it: a product of square matrices has the same shapes. So the op runs again with all other numbers changed.
 */
function determines(run: Run, place: number, places: readonly (number | undefined)[]): boolean {
  const { spec, inputs, out, shape, params } = run;
  if (spec.impure || sizeOf(shape) === 0 || places.includes(undefined)) return false;
  const changed = inputs.map((x, i) => {
    const data = new Float64Array(x.size).fill(0.5);
    const kept = places[i] as number;
    data[kept] = x.data[kept];
    return new Tensor(data, x.shape);
  });
  try {
    return Object.is(compute(spec, changed, shape, params)[place], out[place]);
  } catch {
    return false; // 0.5 is no index, for example
  }
}
