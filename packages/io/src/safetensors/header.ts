import { show } from "@gradus/core";
import { dtypes, isDtype } from "./dtypes.ts";
import { HeaderReader } from "./header-reader.ts";
import { byteSize, checkLayout, type TensorEntry } from "./layout.ts";

/** The content of the header. Maps, because any text can be a name: also `__proto__` and "". @internal */
export interface Header {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
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
  let metadata: ReadonlyMap<string, string> = new Map();
  let claimed = 0;
  for (const name of reader.members("the header")) {
    if (name === METADATA) {
      metadata = readMetadata(reader);
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
  return { tensors, metadata };
}

function readMetadata(reader: HeaderReader): Map<string, string> {
  const metadata = new Map<string, string>();
  for (const key of reader.members(METADATA)) {
    metadata.set(key, reader.string(`a value of ${METADATA}`));
  }
  return metadata;
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
  if (!isDtype(dtype)) {
    throw reader.error(`dtype ${show(dtype)} is not one gradus reads: ${[...dtypes.keys()].join(", ")}`);
  }
  if (offsets.length !== 2) throw reader.error(`data_offsets must be [begin,end], got ${show(offsets)}`);
  const [begin, end] = offsets;
  if (begin > end) throw reader.error(`data_offsets ${show(offsets)} end before they begin`);
  if (end > dataSize) {
    throw reader.error(
      `data_offsets ${show(offsets)} go past the end: the file has ${dataSize} bytes of data`,
    );
  }
  const bytes = byteSize({ dtype, shape });
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
