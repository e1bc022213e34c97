import { checks } from "./checks.ts";
import { ArgumentError } from "./errors.ts";
import { noMore } from "./options.ts";
import type { Rng } from "./random.ts";
import { type Shape, show } from "./shape.ts";
import { allocate } from "./storage.ts";
import { Tensor } from "./tensor.ts";

/** A tensor of zeros. As an initializer it does not use the stream. @example zeros([2, 3]); */
export function zeros(shape: Shape, rng?: Rng, ...extra: readonly undefined[]): Tensor {
  return filled("zeros", shape, 0, [notRng(rng), ...extra]);
}

/** A tensor of ones. As an initializer it does not use the stream. @example ones([2, 3]); */
export function ones(shape: Shape, rng?: Rng, ...extra: readonly undefined[]): Tensor {
  return filled("ones", shape, 1, [notRng(rng), ...extra]);
}

/** A tensor filled with one value. @example full([2, 2], 0.5); */
export function full(shape: Shape, value: number, ...extra: readonly undefined[]): Tensor {
  if (typeof value !== "number") throw new ArgumentError(`full: value must be a number, got ${show(value)}`);
  noMore("full", "shape, value", extra);
  return filled("full", shape, value);
}

export function filled(who: string, shape: Shape, value: number, extra: readonly unknown[] = []): Tensor {
  if (typeof shape === "number") {
    const sizes = [shape, ...extra].filter((size) => typeof size === "number");
    throw new ArgumentError(
      `${who}: a shape is an array of sizes, got ${sizes.join(", ")}; write ${who}([${sizes.join(", ")}]${who === "full" ? ", value" : ""})`,
    );
  }
  const checked = checks.checkShape?.(shape, who) ?? shape;
  noMore(who, "shape", extra);
  const data = allocate(who, checked);
  if (value !== 0 || Object.is(value, -0)) data.fill(value);
  return new Tensor(data, checked);
}

function notRng(rng: unknown): unknown {
  return typeof (rng as Rng | undefined)?.uniform === "function" ? undefined : rng;
}
