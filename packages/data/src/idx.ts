import { FormatError, formatShape, ranges, resolveOptions, type Shape } from "@gradus/core";
import { isGzip, wrongStart } from "@gradus/core/text";
import { checkBytes } from "./bytes.ts";
import { unpack, unpackStart } from "./gzip.ts";

/** The numbers of an IDX file, in an array of the file's own type. */
export type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** What an IDX file holds: the numbers, row-major, and the size along each axis. */
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

/** The third byte of the file says what the numbers are. */
const types: ReadonlyMap<number, IdxType> = new Map<number, IdxType>([
  [0x08, { bytes: 1, read: (view, n) => new Uint8Array(view.buffer, view.byteOffset, n) }],
  [0x09, { bytes: 1, read: (view, n) => new Int8Array(view.buffer, view.byteOffset, n) }],
  [0x0b, { bytes: 2, read: (view, n) => fill(new Int16Array(n), (i) => view.getInt16(2 * i)) }],
  [0x0c, { bytes: 4, read: (view, n) => fill(new Int32Array(n), (i) => view.getInt32(4 * i)) }],
  [0x0d, { bytes: 4, read: (view, n) => fill(new Float32Array(n), (i) => view.getFloat32(4 * i)) }],
  [0x0e, { bytes: 8, read: (view, n) => fill(new Float64Array(n), (i) => view.getFloat64(8 * i)) }],
]);

/** More axes than any data set has; what promises more is not IDX. */
const MAX_AXES = 8;
/** As much of a file as its header can take. @internal */
export const MAX_HEADER: number = 4 + 4 * MAX_AXES;

/**
 * What {@link loadIdx} unpacks at most unless told otherwise: 1 GiB, 23 times the training images of MNIST.
 */
const DEFAULT_LIMIT = 1073741824;

/**
 * Reads an IDX file, the format of MNIST (LeCun, Cortes, Burges, "The MNIST database of handwritten digits",
 * file formats): two zero bytes, the type of the numbers (8 uint8, 9 int8, B int16, C int32, D float32, E
 * float64), the number of axes (1 to 8 here), the size along each as a big-endian 32-bit number, then the
 * numbers, big-endian, row-major.
 *
 * The whole header and the length are checked before anything is allocated. 8-bit data are a view of `bytes`,
 * not a copy; wider numbers are converted to the machine's byte order.
 *
 * @param bytes the whole file. For a file that may be gzipped see {@link loadIdx}.
 * @throws FormatError, saying what was found, if the file is empty, does not start as an IDX file does (also
 * what it is instead: an HTML page, gzip), has an unknown type or number of axes, or is not exactly as long
 * as its header promises.
 * @example
 * const images = readIdx(imageBytes); // { shape: [60000, 28, 28], data: Uint8Array }
 * const labels = readIdx(labelBytes); // { shape: [60000], data: Uint8Array }
 * new Dataset({ inputs: images.data, inputShape: [784], targets: labels.data, classes: 10 });
 */
export function readIdx(bytes: Uint8Array): IdxArray {
  return parseIdx(bytes, "readIdx");
}

/**
 * {@link readIdx} for a file that may be gzipped, as MNIST is published. A gzip file is unpacked to the size
 * its header promises and not a byte further.
 *
 * @param bytes the whole file, plain or gzipped; told apart by their first two bytes.
 * @param options `limit`: the most bytes a gzip file may promise to unpack to, 1 GiB by default.
 * @throws FormatError as `readIdx` and `gunzip` do, and for a header that promises more than `limit`.
 * @example
 * const response = await fetch("train-images-idx3-ubyte.gz");
 * const images = await loadIdx(new Uint8Array(await response.arrayBuffer()));
 */
export async function loadIdx(
  bytes: Uint8Array,
  options: { readonly limit?: number } = {},
): Promise<IdxArray> {
  return loadIdxAs(bytes, limitOf(options, "loadIdx"), "loadIdx");
}

/** How many bytes a gzip file may promise to unpack to. @internal */
export function limitOf(options: { readonly limit?: number }, who: string): number {
  const range = { limit: ranges.count };
  return resolveOptions<{ limit: number }>(who, options, { limit: DEFAULT_LIMIT }, range).limit;
}

/** {@link loadIdx} under another name for its messages, with a limit that was checked. @internal */
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

/** {@link readIdx} under another name for its messages. @internal */
export function parseIdx(bytes: Uint8Array, who: string): IdxArray {
  checkBytes(bytes, who);
  const { type, shape, start, count } = checkIdx(bytes, bytes.length, who);
  return { shape, data: type.read(new DataView(bytes.buffer, bytes.byteOffset + start), count) };
}

/**
 * Reads the header in the first {@link MAX_HEADER} bytes of a file, and refuses one that promises another length than
 * the file has. @internal
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
  /** Where the numbers start, in bytes. */
  readonly start: number;
  /** How many numbers there are. */
  readonly count: number;
  /** Of the whole file, in bytes. */
  readonly length: number;
}

/** Reads the header alone: `bytes` may be just the start of the file. */
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
