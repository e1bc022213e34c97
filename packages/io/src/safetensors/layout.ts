import { FormatError, type Shape, show } from "@gradus/core";
import { type Dtype, dtypes } from "./dtypes.ts";

/** What a file says of a tensor: the kind of its numbers, and the size along each axis (`[]` for a scalar). */
export interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: Shape;
}

/** A tensor and where its bytes lie, counted from the end of the header. @internal */
export interface TensorEntry extends TensorInfo {
  readonly begin: number;
  readonly end: number;
}

/** How many bytes a tensor takes; NaN if a product on the way is too large to be exact. @internal */
export function byteSize({ dtype, shape }: TensorInfo): number {
  let size = dtypes.get(dtype)!.bytes;
  for (const dimension of shape) {
    size *= dimension;
    if (!Number.isSafeInteger(size)) return Number.NaN;
  }
  return size;
}

/**
 * Checks that the tensors, in whatever order, cover the data from the first byte to the last, each byte once.
 *
 * Without holes nothing can hide between the tensors (a file that is also a valid file of another kind), and without
 * overlaps a small file cannot unfold into a large one. A tensor of size 0 takes no bytes; it may lie between others,
 * and several at one place, but not inside another.
 *
 * @internal
 */
export function checkLayout(tensors: ReadonlyMap<string, TensorEntry>, dataSize: number): void {
  const ordered = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  let last = "";
  for (const [name, { begin, end }] of ordered) {
    if (begin > reached) throw hole(reached, begin, `before tensor ${show(name)}`);
    if (begin < reached) {
      throw new FormatError(
        `safetensors: tensor ${show(name)}: overlaps tensor ${show(last)}: ` +
          `data_offsets [${begin},${end}] begin before byte ${reached}, where that one ends`,
      );
    }
    reached = end;
    last = name;
  }
  if (reached < dataSize) throw hole(reached, dataSize, "at the end of the file");
}

function hole(from: number, to: number, where: string): FormatError {
  return new FormatError(`safetensors: no tensor has the bytes [${from},${to}] of the data: a hole ${where}`);
}
