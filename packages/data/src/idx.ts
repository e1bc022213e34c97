import { FormatError, formatShape, noMore, ranges, resolveOptions, type Shape } from "@gradus/core";
import { isGzip, wrongStart } from "@gradus/core/text";
import { checkBytes } from "./bytes.ts";
import { unpack, unpackStart } from "./gzip.ts";

/** The numbers of an IDX file, in an array of the type that the file names. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** The contents of an IDX file: row-major numbers and their shape. */
export interface IdxArray {
  /** The number of samples first: `[60000, 28, 28]` for the images of MNIST, `[60000]` for its labels. */
  readonly shape: Shape;
  readonly data: IdxData;
}

interface IdxType {
  readonly bytes: number;
  /** Reads `count` big-endian numbers. */
  readonly read: (view: DataView, count: number) => IdxData;
}

/** The types of the numbers, by the third byte of the file. */
const types: ReadonlyMap<number, IdxType> = new Map<number, IdxType>([
  [0x08, { bytes: 1, read: (view, n) => new Uint8Array(view.buffer, view.byteOffset, n) }],
  [0x09, { bytes: 1, read: (view, n) => new Int8Array(view.buffer, view.byteOffset, n) }],
  [0x0b, { bytes: 2, read: (view, n) => fill(new Int16Array(n), (i) => view.getInt16(2 * i)) }],
  [0x0c, { bytes: 4, read: (view, n) => fill(new Int32Array(n), (i) => view.getInt32(4 * i)) }],
  [0x0d, { bytes: 4, read: (view, n) => fill(new Float32Array(n), (i) => view.getFloat32(4 * i)) }],
  [0x0e, { bytes: 8, read: (view, n) => fill(new Float64Array(n), (i) => view.getFloat64(8 * i)) }],
]);

/** The most axes that are accepted; no known data set has more. */
const MAX_AXES = 8;
/** The longest header, in bytes. @internal */
export const MAX_HEADER: number = 4 + 4 * MAX_AXES;

/** The default limit of {@link loadIdx}: 1 GiB, 23 times the training images of MNIST. */
const DEFAULT_LIMIT = 1073741824;

/**
 * Reads an IDX file, the format of MNIST (LeCun, Cortes, Burges, "The MNIST database of handwritten digits",
 * file formats): two zero bytes, the type of the numbers (8 uint8, 9 int8, B int16, C int32, D float32, E
 * float64), the number of axes (1 to 8 here), the size along each as a big-endian 32-bit number, then the
 * numbers, big-endian, row-major.
 *
 * The header and the length are checked before anything is allocated. 8-bit data are a view of `bytes`, not a copy;
 * wider numbers are converted to the byte order of the machine.
 *
 * @param bytes the whole file. For a file that may be gzipped see {@link loadIdx}.
 * @throws FormatError if the file is empty, does not start like an IDX file (the message says what it is: an HTML page,
 * gzip, …), has an unknown type or number of axes, or another length than its header gives.
 * @example
 * const images = readIdx(imageBytes); // { shape: [60000, 28, 28], data: Uint8Array }
 * const labels = readIdx(labelBytes); // { shape: [60000], data: Uint8Array }
 * new Dataset({ inputs: images.data, inputShape: [784], targets: labels.data, classes: 10 });
 */
export function readIdx(bytes: Uint8Array, ...extra: readonly undefined[]): IdxArray {
  noMore("readIdx", "bytes", extra);
  return parseIdx(bytes, "readIdx");
}

/**
 * {@link readIdx} for a file that may be gzipped, as MNIST is published. A gzip file is unpacked to the length that its
 * IDX header gives, not beyond.
 *
 * @param bytes the whole file, plain or gzipped, recognized by its first two bytes.
 * @throws FormatError as `readIdx` and `gunzip` do, and for a header that gives more than `limit`.
 * @example
 * const response = await fetch("train-images-idx3-ubyte.gz");
 * const images = await loadIdx(new Uint8Array(await response.arrayBuffer()));
 */
export async function loadIdx(
  bytes: Uint8Array,
  options: {
    /** The largest length that the header of a gzip file may give, in bytes. Default 1 GiB. */
    readonly limit?: number;
  } = {},
  ...extra: readonly undefined[]
): Promise<IdxArray> {
  noMore("loadIdx", "bytes, options", extra);
  return loadIdxAs(bytes, limitOf(options, "loadIdx"), "loadIdx");
}

/** The checked option `limit`. @internal */
export function limitOf(options: { readonly limit?: number }, who: string): number {
  const range = { limit: ranges.count };
  return resolveOptions<{ limit: number }>(who, options, { limit: DEFAULT_LIMIT }, range).limit;
}

/** {@link loadIdx} with a checked limit; messages begin with `who`. @internal */
export async function loadIdxAs(bytes: Uint8Array, limit: number, who: string): Promise<IdxArray> {
  checkBytes(bytes, who);
  if (!isGzip(bytes)) return parseIdx(bytes, who);
  const start = await unpackStart(bytes, MAX_HEADER, who);
  if (isGzip(start))
    throw new FormatError(`${who}: this file was gzipped twice. Unpack it with gunzip first`);
  const { length } = parseHeader(start, who);
  if (length > limit) {
    throw new FormatError(`${who}: the header promises ${length} bytes, more than the limit of ${limit}`);
  }
  return parseIdx(await unpack(bytes, length, who), who);
}

/** {@link readIdx}; messages begin with `who`. @internal */
export function parseIdx(bytes: Uint8Array, who: string): IdxArray {
  checkBytes(bytes, who);
  const { type, shape, start, count } = checkIdx(bytes, bytes.length, who);
  return { shape, data: type.read(new DataView(bytes.buffer, bytes.byteOffset + start), count) };
}

/**
 * Reads the header from the first {@link MAX_HEADER} bytes of a file. Throws if it gives another length than `found`,
 * that of the file. @internal
 */
export function checkIdx(bytes: Uint8Array, found: number, who: string): IdxHeader {
  const header = parseHeader(bytes, who);
  const { type, shape, start, length } = header;
  if (found === length) return header;
  throw new FormatError(
    `${who}: IDX file ${found < length ? "cut short" : "too long"}: ${formatShape(shape)} numbers of ` +
      `${type.bytes} bytes and a header of ${start} make ${length} bytes, but it has ${found}`,
  );
}

interface IdxHeader {
  readonly type: IdxType;
  readonly shape: Shape;
  /** The offset of the numbers, in bytes. */
  readonly start: number;
  /** Number of numbers. */
  readonly count: number;
  /** Length of the whole file, in bytes. */
  readonly length: number;
}

/** Reads the header; `bytes` may be only the start of the file. */
function parseHeader(bytes: Uint8Array, who: string): IdxHeader {
  if (bytes.length === 0) throw new FormatError(`${who}: the file is empty`);
  if (isGzip(bytes)) {
    throw new FormatError(
      `${who}: this is a gzip file. Read it with loadIdx, or unpack it with gunzip first`,
    );
  }
  if (bytes[0] !== 0 || (bytes.length > 1 && bytes[1] !== 0)) throw wrongStart(bytes, who, "an IDX file");
  if (bytes.length < 4) {
    throw new FormatError(
      `${who}: IDX file cut short: ${bytes.length} bytes, its header alone has 8 or more`,
    );
  }
  const type = types.get(bytes[2]);
  if (type === undefined) {
    throw new FormatError(
      `${who}: unknown IDX type 0x${bytes[2].toString(16).padStart(2, "0")} in the third byte`,
    );
  }
  const axes = bytes[3];
  if (axes < 1 || axes > MAX_AXES) {
    throw new FormatError(`${who}: an IDX file has 1 to ${MAX_AXES} axes, this one claims ${axes}`);
  }
  const start = 4 + 4 * axes;
  if (bytes.length < start) {
    throw new FormatError(`${who}: IDX file cut short: ${bytes.length} bytes, its header alone has ${start}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const shape: number[] = [];
  let count = 1;
  for (let axis = 0; axis < axes; axis++) {
    shape.push(view.getUint32(4 + 4 * axis));
    count *= shape[axis];
    if (!Number.isSafeInteger(count * type.bytes)) {
      throw new FormatError(`${who}: the header promises more than 2^53 bytes: ${formatShape(shape)} so far`);
    }
  }
  return { type, shape, start, count, length: start + count * type.bytes };
}

function fill<A extends Int16Array | Int32Array | Float32Array | Float64Array>(
  out: A,
  read: (i: number) => number,
): A {
  for (let i = 0; i < out.length; i++) out[i] = read(i);
  return out;
}
