import { ArgumentError } from "./errors.ts";
import { filled } from "./fill.ts";
import { noMore } from "./options.ts";
import { show } from "./shape.ts";
import { allocate } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/**
 * The numbers start, start + step, … below `end`; `arange(n)` starts at 0. Each is start + i·step, so errors do not add
 * up.
 *
 * @throws ArgumentError if an argument is not finite or `step` is 0.
 * @example arange(1, 4); // [1, 2, 3]
 */
export function arange(start: number, end?: number, step = 1, ...extra: readonly undefined[]): Tensor {
  noMore("arange", "start, end, step", extra);
  const [from, to] = end === undefined ? [0, start] : [start, end];
  if (![from, to, step].every(Number.isFinite) || step === 0) {
    throw new ArgumentError(
      `arange: needs finite numbers and a step other than 0, got ${show([from, to, step])}`,
    );
  }
  const count = Math.max(0, Math.ceil((to - from) / step));
  const data = allocate("arange", [count]);
  for (let i = 0; i < count; i++) data[i] = from + i * step;
  return new Tensor(data, [count]);
}

/**
 * `count` evenly spaced numbers from `start` to `end`, both included.
 *
 * @throws ArgumentError if `count` is not a whole number ≥ 1 or a bound is not finite.
 * @example linspace(0, 1, 5); // [0, 0.25, 0.5, 0.75, 1]
 */
export function linspace(start: number, end: number, count: number, ...extra: readonly undefined[]): Tensor {
  noMore("linspace", "start, end, count", extra);
  if (!Number.isFinite(start) || !Number.isFinite(end) || !Number.isSafeInteger(count) || count < 1) {
    throw new ArgumentError(
      `linspace: needs finite bounds and a count ≥ 1, got ${show([start, end, count])}`,
    );
  }
  const data = allocate("linspace", [count]);
  const step = count === 1 ? 0 : (end - start) / (count - 1);
  const wide = !Number.isFinite(step); // end − start is beyond 1.8e308
  for (let i = 0; i < count; i++) {
    const part = i / (count - 1);
    data[i] = wide ? start * (1 - part) + end * part : start + i * step;
  }
  if (count > 1) data[count - 1] = end;
  return new Tensor(data, [count]);
}

/** The n × n identity matrix. @example eye(2); // [[1, 0], [0, 1]] */
export function eye(n: number, ...extra: readonly undefined[]): Tensor {
  noMore("eye", "n", extra);
  const out = filled("eye", [n, n], 0);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}
