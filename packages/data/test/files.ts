import { gzipSync } from "node:zlib";

/** Sizes of the numbers of each IDX type, and how a test writes one. */
export const idxTypes = {
  u8: {
    code: 0x08,
    bytes: 1,
    low: 0,
    high: 255,
    write: (v: DataView, at: number, x: number) => v.setUint8(at, x),
  },
  i8: {
    code: 0x09,
    bytes: 1,
    low: -128,
    high: 127,
    write: (v: DataView, at: number, x: number) => v.setInt8(at, x),
  },
  i16: {
    code: 0x0b,
    bytes: 2,
    low: -32768,
    high: 32767,
    write: (v: DataView, at: number, x: number) => v.setInt16(at, x),
  },
  i32: {
    code: 0x0c,
    bytes: 4,
    low: -(2 ** 31),
    high: 2 ** 31 - 1,
    write: (v: DataView, at: number, x: number) => v.setInt32(at, x),
  },
  f32: {
    code: 0x0d,
    bytes: 4,
    low: -1,
    high: 1,
    write: (v: DataView, at: number, x: number) => v.setFloat32(at, x),
  },
  f64: {
    code: 0x0e,
    bytes: 8,
    low: -1,
    high: 1,
    write: (v: DataView, at: number, x: number) => v.setFloat64(at, x),
  },
} as const;

export type IdxTypeName = keyof typeof idxTypes;

/** The bytes of a good IDX file. */
export function idxFile(type: IdxTypeName, shape: readonly number[], values: ArrayLike<number>): Uint8Array {
  const { code, bytes, write } = idxTypes[type];
  const start = 4 + 4 * shape.length;
  const out = new Uint8Array(start + bytes * values.length);
  out.set([0, 0, code, shape.length]);
  const view = new DataView(out.buffer);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  for (let i = 0; i < values.length; i++) write(view, start + bytes * i, values[i]);
  return out;
}

/** Packs as `gzip` does. */
export function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

/** The bytes of a text of one-byte characters. */
export function ascii(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** Byte strings one after the other. */
export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
