import { ArgumentError, FormatError, noMore, show, Tensor, tagOf } from "@gradus/core";
import { refuseOperators } from "@gradus/core/internal";
import { fileKind, wrongStart } from "@gradus/core/text";
import { checkDigest } from "./digest.ts";
import { dtypes, numberFormat } from "./dtypes.ts";
import { type Header, MAX_HEADER, parseHeader } from "./header.ts";
import type { TensorEntry, TensorInfo } from "./layout.ts";

/** The file starts with the length of its header, in this many bytes. */
const START = 8;

/** `structuredClone` and `postMessage` refuse symbols, and show this text. */
const NOT_CLONED: symbol = Symbol("a safetensors file (send its bytes to readSafetensors)");

/**
 * The tensors of a safetensors file, by name. {@link readSafetensors} makes one.
 *
 * It keeps the bytes it was read from and does not copy them; every call of `tensor` decodes the tensor. So a file needs
 * only the memory of its bytes, its names and the decoded tensors.
 */
export class SafetensorsFile {
  static {
    refuseOperators(SafetensorsFile.prototype, "a file", "file.tensor(name) is a tensor of it");
  }

  /** @internal */
  readonly cloning: symbol = NOT_CLONED;
  /** The tensors' names, in the order of the file's header. */
  readonly names: readonly string[];
  /** The metadata of the file: text by key, without the digest that gradus adds. Empty if there is none. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly #tensors: ReadonlyMap<string, TensorEntry>;
  readonly #data: Uint8Array;

  /** @internal */
  constructor({ tensors, metadata }: Header, data: Uint8Array, ...extra: readonly undefined[]) {
    noMore("SafetensorsFile", "options, data", extra);
    this.names = [...tensors.keys()];
    this.metadata = metadata;
    this.#tensors = tensors;
    this.#data = data;
    Object.freeze(this);
  }

  /**
   * The number format and the shape of a tensor in the file; nothing is decoded.
   *
   * @throws ArgumentError if there is no tensor of that name.
   * @example file.info("layers.0.weight"); // { dtype: "F32", shape: [784, 128] }
   */
  info(name: string, ...extra: readonly undefined[]): TensorInfo {
    noMore("file.info", "name", extra);
    const { dtype, shape } = this.#entry(name);
    return { dtype, shape };
  }

  /**
   * A new tensor with the numbers as float64. Every number keeps its exact value, also −0, infinities and NaN (but not
   * the payload of a NaN); `BOOL` becomes 0 and 1.
   *
   * @throws ArgumentError if there is no tensor of that name; FormatError for a dtype that gradus does not read, for an
   * `I64` or `U64` that float64 would round, and for a `BOOL` that is neither 0 nor 1.
   * @example const weight = new Parameter(file.tensor("layers.0.weight"));
   */
  tensor(name: string, ...extra: readonly undefined[]): Tensor {
    noMore("file.tensor", "name", extra);
    const { dtype, shape, begin, end } = this.#entry(name);
    const format = numberFormat(dtype);
    if (format === undefined) {
      throw new FormatError(
        `safetensors: tensor ${show(name)} is ${show(dtype)}, which gradus does not read; it reads ${[...dtypes.keys()].join(", ")}`,
      );
    }
    const { bytes, read } = format;
    const view = new DataView(this.#data.buffer, this.#data.byteOffset + begin, end - begin);
    const out = new Float64Array(view.byteLength / bytes);
    let i = 0;
    try {
      for (; i < out.length; i++) out[i] = read(view, i * bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(`safetensors: tensor ${show(name)}, element ${i}: ${error.message}`);
    }
    return new Tensor(out, shape);
  }

  /** @throws ArgumentError always: its JSON would leave out the numbers. */
  toJSON(): never {
    throw new ArgumentError(
      "file.toJSON: the numbers of a file are no JSON; file.tensor(name) has one, file.names and file.metadata are plain data",
    );
  }

  #entry(name: string): TensorEntry {
    const entry = this.#tensors.get(name);
    if (entry !== undefined) return entry;
    const { names } = this;
    throw new ArgumentError(
      `safetensors: no tensor ${show(name)} in the file; there are ${names.length === 0 ? "none" : show(names)}`,
    );
  }
}

/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors, "Format"): the length of the header as a
 * little-endian 64-bit number, the header in JSON, the numbers of the tensors, little-endian and row-major.
 *
 * The whole file is checked against the format, and against its digest if it has one, before anything is decoded or
 * allocated. Unlike other readers it also refuses content that two readers could understand differently: names that appear
 * twice, unknown fields. A tensor of a dtype that gradus does not read (`F8_E4M3`) is listed; only reading it is an error.
 *
 * @param bytes the whole file. Kept, not copied: leave them unchanged.
 * @throws FormatError, naming the tensor, the value and the reason, for a broken file; ArgumentError if `bytes` is neither
 * `Uint8Array` nor `ArrayBuffer`.
 * @example
 * const file = readSafetensors(await readFile("net.safetensors"));
 * for (const name of file.names) console.log(name, file.info(name), file.tensor(name));
 */
export function readSafetensors(
  bytes: Uint8Array | ArrayBuffer,
  ...extra: readonly undefined[]
): SafetensorsFile {
  noMore("readSafetensors", "bytes", extra);
  const file = plainBytes(bytes);
  if (file.length < START) {
    throw new FormatError(
      `safetensors: file cut short: it has ${file.length} bytes, and the length of its header alone takes ${START}`,
    );
  }
  // Compared as a bigint before it is used: a broken file can contain any number up to 2^64 − 1.
  const claimed = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  const length = Number(claimed);
  if (claimed > MAX_HEADER) {
    throw foreign(
      file,
      `the first 8 bytes promise a header of ${claimed} bytes, and 100 MB is the most. This is no safetensors file`,
    );
  }
  if (length > file.length - START) {
    throw new FormatError(
      `safetensors: file cut short: it promises a header of ${length} bytes, and ${file.length - START} follow`,
    );
  }
  // HeaderReader allows white space here; the format does not.
  if (file[START] !== 0x7b || length === 0) {
    const found = length === 0 ? "nothing" : `the byte 0x${file[START].toString(16).padStart(2, "0")}`;
    throw foreign(file, `the header must begin with {, found ${found}`);
  }
  const data = file.subarray(START + length);
  const header = parseHeader(file.subarray(START, START + length), data.length);
  checkDigest(file, START, header);
  return new SafetensorsFile(header, data);
}

function plainBytes(bytes: unknown): Uint8Array {
  const tag = tagOf(bytes);
  const known = tag === "ArrayBuffer" || tag === "Uint8Array";
  // No view can be made of a buffer that was transferred to a worker; its length is 0.
  if (known && (bytes as Uint8Array).byteLength === 0) return new Uint8Array(0);
  if (tag === "ArrayBuffer") return new Uint8Array(bytes as ArrayBuffer);
  if (tag === "Uint8Array") {
    const { buffer, byteOffset, length } = bytes as Uint8Array;
    return new Uint8Array(buffer, byteOffset, length);
  }
  throw new ArgumentError(`safetensors: needs the bytes as a Uint8Array or ArrayBuffer, got ${show(bytes)}`);
}

/** The error for bytes that do not begin like a safetensors file; it names their format if that is known. */
function foreign(file: Uint8Array, reason: string): FormatError {
  return fileKind(file) === undefined
    ? new FormatError(`safetensors: ${reason}`)
    : wrongStart(file, "safetensors", "a safetensors file");
}
