import { show } from "@gradus/core";
import { DIGEST, type Digest } from "./digest.ts";
import { dtypes, numberFormat } from "./dtypes.ts";
import { HeaderReader } from "./header-reader.ts";
import { byteSize, checkLayout, type TensorEntry } from "./layout.ts";

/** The content of the header. Maps, because any text can be a name: also `__proto__` and "". @internal */
export interface Header {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Without the digest. */
  readonly metadata: ReadonlyMap<string, string>;
  readonly digest: Digest | undefined;
}

/** The longest header the reference implementation reads, 100 MB: room for a million tensors. @internal */
export const MAX_HEADER = 100_000_000;

/** The only name in a header that is not the name of a tensor. @internal */
export const METADATA = "__metadata__";

/**
 * Reads a header, for example
 *
 *     {"__metadata__":{"by":"me"},"bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}
 *
 * and checks all sizes in it against the `dataSize` bytes that follow it.
 *
 * @internal
 */
export function parseHeader(bytes: Uint8Array, dataSize: number): Header {
  const reader = new HeaderReader(bytes);
  const tensors = new Map<string, TensorEntry>();
  let texts: Pick<Header, "metadata" | "digest"> = { metadata: new Map(), digest: undefined };
  let claimed = 0;
  for (const name of reader.members("the header")) {
    if (name === METADATA) {
      texts = readMetadata(reader);
      continue;
    }
    reader.tensor = name;
    const entry = readEntry(reader, dataSize);
    claimed += entry.end - entry.begin;
    // Checked at each tensor, not after a million tensors that all have the same bytes.
    if (claimed > dataSize) {
      throw reader.error(
        `overlaps another: with this one the tensors claim ${claimed} bytes, and the file holds ${dataSize}`,
      );
    }
    tensors.set(name, entry);
    reader.tensor = undefined;
  }
  reader.end();
  checkLayout(tensors, dataSize);
  return { tensors, ...texts };
}

function readMetadata(reader: HeaderReader): Pick<Header, "metadata" | "digest"> {
  const metadata = new Map<string, string>();
  let digest: Digest | undefined;
  for (const key of reader.members(METADATA)) {
    const text = reader.string(`a value of ${METADATA}`);
    if (key === DIGEST) digest = { text, end: reader.at - 1 };
    else metadata.set(key, text);
  }
  return { metadata, digest };
}

function readEntry(reader: HeaderReader, dataSize: number): TensorEntry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  for (const field of reader.members("what stands for it")) {
    if (field === "dtype") dtype = reader.string("dtype");
    else if (field === "shape") shape = reader.wholeNumbers("shape");
    else if (field === "data_offsets") offsets = reader.wholeNumbers("data_offsets");
    else throw reader.error(`there is no field ${show(field)}; there are dtype, shape and data_offsets`);
  }
  if (dtype === undefined) throw reader.error("has no dtype");
  if (shape === undefined) throw reader.error("has no shape");
  if (offsets === undefined) throw reader.error("has no data_offsets");
  // Formats of numbers that are unknown here are allowed: newer ones come, and no other tensor needs them.
  if (!/^[A-Z][A-Z0-9_]{0,31}$/.test(dtype)) {
    throw reader.error(`dtype ${show(dtype)} is none; gradus reads ${[...dtypes.keys()].join(", ")}`);
  }
  if (offsets.length !== 2) throw reader.error(`data_offsets must be [begin,end], got ${show(offsets)}`);
  const [begin, end] = offsets;
  if (begin > end) throw reader.error(`data_offsets ${show(offsets)} end before they begin`);
  if (end > dataSize) {
    throw reader.error(
      `data_offsets ${show(offsets)} go past the end: the file has ${dataSize} bytes of data`,
    );
  }
  // The size of a number of an unknown format is unknown: such a tensor can be listed, not read.
  const format = numberFormat(dtype);
  const bytes = format ? byteSize(format, shape) : end - begin;
  if (!Number.isSafeInteger(bytes)) {
    throw reader.error(`shape ${show(shape)} of ${dtype} promises more than 2^53 bytes`);
  }
  if (bytes !== end - begin) {
    throw reader.error(
      `${dtype} ${show(shape)} takes ${bytes} bytes, but data_offsets ${show(offsets)} are ${end - begin}`,
    );
  }
  return { dtype, shape: Object.freeze(shape), begin, end };
}
