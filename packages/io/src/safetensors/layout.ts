import { FormatError, type Shape, show } from "@gradus/core";
import type { NumberFormat } from "./dtypes.ts";

/** A tensor's entry in a file. */
export interface TensorInfo {
  /** The format of its numbers: a `Dtype`, or another name such as `"F8_E4M3"`, which gradus does not read. */
  readonly dtype: string;
  /** The size along each axis; `[]` for a scalar. */
  readonly shape: Shape;
}

/** A tensor's entry and the range of its bytes, counted from the end of the header. @internal */
export interface TensorEntry extends TensorInfo {
  readonly begin: number;
  readonly end: number;
}

/** The number of bytes of a tensor; NaN if a partial product is too large to be exact. @internal */
export function byteSize({ bytes }: Pick<NumberFormat, "bytes">, shape: Shape): number {
  let size = bytes;
  for (const dimension of shape) {
    size *= dimension;
    if (!Number.isSafeInteger(size)) return Number.NaN;
  }
  return size;
}

/**
 * Checks that the tensors, in any order, cover every byte of the data exactly once.
 *
 * Holes could hide other data between the tensors (a file that is also a valid file of another format); overlaps would let
 * a small file expand to a large amount of memory. A tensor of size 0 has no bytes; its position may be between other
 * tensors, also together with other empty ones, but not inside a tensor.
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
