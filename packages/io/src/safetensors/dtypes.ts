import { FormatError } from "@gradus/core";

/** The number formats that gradus reads: float, bfloat, signed or unsigned integer, with the number of bits. */
export type Dtype =
  | "F64"
  | "F32"
  | "F16"
  | "BF16"
  | "I64"
  | "I32"
  | "I16"
  | "I8"
  | "U64"
  | "U32"
  | "U16"
  | "U8"
  | "BOOL";

/** A format of numbers. @internal */
export interface NumberFormat {
  /** The size of one number. */
  readonly bytes: number;
  /** The number that starts at byte `at`, as a float64; throws for an integer that float64 would round and for an invalid `BOOL`. */
  readonly read: (view: DataView, at: number) => number;
}

/** All numbers are little-endian on every machine: hence a DataView and the `true`. @internal */
export const dtypes: ReadonlyMap<Dtype, NumberFormat> = new Map<Dtype, NumberFormat>([
  ["F64", { bytes: 8, read: (view, at) => view.getFloat64(at, true) }],
  ["F32", { bytes: 4, read: (view, at) => view.getFloat32(at, true) }],
  ["F16", { bytes: 2, read: (view, at) => fromFloat16(view.getUint16(at, true)) }],
  ["BF16", { bytes: 2, read: (view, at) => fromBfloat16(view.getUint16(at, true)) }],
  ["I64", { bytes: 8, read: readInt64 }],
  ["I32", { bytes: 4, read: (view, at) => view.getInt32(at, true) }],
  ["I16", { bytes: 2, read: (view, at) => view.getInt16(at, true) }],
  ["I8", { bytes: 1, read: (view, at) => view.getInt8(at) }],
  ["U64", { bytes: 8, read: readUint64 }],
  ["U32", { bytes: 4, read: (view, at) => view.getUint32(at, true) }],
  ["U16", { bytes: 2, read: (view, at) => view.getUint16(at, true) }],
  ["U8", { bytes: 1, read: (view, at) => view.getUint8(at) }],
  ["BOOL", { bytes: 1, read: readBool }],
]);

/** The numbers of this name, if gradus reads them. @internal */
export function numberFormat(dtype: string): NumberFormat | undefined {
  return dtypes.get(dtype as Dtype);
}

/**
 * Half precision (IEEE 754 binary16): sign, 5 bits of exponent e, 10 bits of fraction f.
 *
 *     value = (1024 + f)·2^(e − 25)    1 ≤ e ≤ 30
 *     value = f·2^(−24)                e = 0, subnormal: no hidden 1, and the scale of e = 1
 *     ±Infinity (f = 0) or NaN         e = 31
 */
function fromFloat16(bits: number): number {
  const e = (bits >> 10) & 31;
  const f = bits & 1023;
  let magnitude: number;
  if (e === 31) magnitude = f === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  // Whole numbers below 2^53 times a power of two: exact. 16777216 is 2^24.
  else magnitude = ((e === 0 ? f : 1024 + f) * (1 << Math.max(e - 1, 0))) / 16777216;
  return bits >> 15 === 0 ? magnitude : -magnitude;
}

const word = new Uint32Array(1);
const wordAsFloat = new Float32Array(word.buffer);

/** bfloat16 is the upper half of a float32. */
function fromBfloat16(bits: number): number {
  word[0] = bits << 16;
  return wordAsFloat[0];
}

function readInt64(view: DataView, at: number): number {
  const value = view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : exact(view.getBigInt64(at, true));
}

function readUint64(view: DataView, at: number): number {
  const value = view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : exact(view.getBigUint64(at, true));
}

/** A float64 has 53 bits: beyond ±2^53 only multiples of 2, 4, 8 … are exact. */
function exact(value: bigint): number {
  const rounded = Number(value);
  if (BigInt(rounded) === value) return rounded;
  throw new FormatError(`${value} is no float64 number: it would be rounded to ${BigInt(rounded)}`);
}

function readBool(view: DataView, at: number): number {
  const value = view.getUint8(at);
  if (value > 1) throw new FormatError(`a BOOL is the byte 0 or 1, found ${value}`);
  return value;
}
