import { ArgumentError, check, checkOptions, noMore, ranges, show, Tensor } from "@gradus/core";
import type { FileBytes } from "../file-bytes.ts";
import { DIGEST, NO_DIGEST, seal } from "./digest.ts";
import { MAX_HEADER, METADATA } from "./header.ts";
import { hasLoneSurrogate } from "./text.ts";
import { encodeUtf8 } from "./utf8.ts";

/** Options of {@link writeSafetensors}. */
export interface WriteSafetensorsOptions {
  /** Text by key, stored in the header: pairs of strings, or a Map. Default: none. */
  readonly metadata?: Iterable<readonly [key: string, value: string]>;
  /**
   * The number format: `"F64"` (the default) keeps every bit, `"F32"` rounds to the nearest float32 and takes half the
   * space.
   */
  readonly dtype?: "F64" | "F32";
  /**
   * Whether to add a digest of the whole file to the metadata, which {@link readSafetensors} checks: a file with one changed
   * bit is then refused. `saveWeights` and checkpoints have it. Default false.
   */
  readonly digest?: boolean;
}

/**
 * Writes tensors as a safetensors file, in the order given; {@link readSafetensors}, PyTorch, JAX and others read it.
 * A file in `"F64"` gives back the same bits, also of −0 (but not the payload of a NaN).
 *
 * @param tensors pairs of a name and a tensor, such as `namedTensors(net)` or a Map.
 * @throws ArgumentError if a name is used twice, is `__metadata__` or has half of a surrogate pair; if metadata are not
 * strings; for `"F32"` if a finite number is too large.
 * @example
 * const bytes = writeSafetensors(namedTensors(net), { dtype: "F32", metadata: [["epoch", "12"]] });
 * await writeFile("net.safetensors", bytes);
 */
export function writeSafetensors(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>,
  options: WriteSafetensorsOptions = {},
  ...extra: readonly undefined[]
): FileBytes {
  noMore("writeSafetensors", "tensors, options", extra);
  checkOptions("writeSafetensors", options, ["metadata", "dtype", "digest"]);
  const { metadata = [], dtype = "F64", digest = false } = options;
  if (dtype !== "F64" && dtype !== "F32") {
    throw new ArgumentError(`writeSafetensors: dtype must be "F64" or "F32", got ${show(dtype)}`);
  }
  check("writeSafetensors", "digest", digest, ranges.flag);
  // The digest of an earlier file is never copied. It comes first, so that its place is known.
  const others = checkMetadata(metadata).filter(([key]) => key !== DIGEST);
  const texts = digest ? [[DIGEST, NO_DIGEST] as const, ...others] : others;
  const checked = checkTensors(tensors);
  const { header, dataSize } = headerOf(checked, dtype, texts);
  // Padded to a multiple of 8 bytes, so that readers can use the numbers without copying them.
  const start = 8 + 8 * Math.ceil(header.length / 8);
  if (start - 8 > MAX_HEADER) {
    throw new ArgumentError(
      `writeSafetensors: names and metadata take ${start - 8} bytes, and the format allows ${MAX_HEADER}`,
    );
  }
  const out = room(start + dataSize);
  const view = new DataView(out.buffer);
  view.setUint32(0, start - 8, true);
  out.set(header, 8);
  out.fill(0x20, 8 + header.length, start);
  let at = start;
  for (const [name, x] of checked) {
    if (dtype === "F64") writeFloat64(view, at, x.data);
    else writeFloat32(view, at, x.data, name);
    at += BYTES[dtype] * x.size;
  }
  if (digest) seal(out, 8 + `{"${METADATA}":{"${DIGEST}":"${NO_DIGEST}`.length);
  return out;
}

/** The bytes of one number. */
const BYTES = { F64: 8, F32: 4 };

/**
 * The header of a file, and the number of bytes that follow it.
 *
 * @param tensors by name; their numbers are not read.
 * @param texts the metadata. @internal
 */
export function headerOf(
  tensors: Iterable<readonly [name: string, tensor: Pick<Tensor, "shape" | "size">]>,
  dtype: "F64" | "F32",
  texts: readonly (readonly [key: string, value: string])[],
): { readonly header: Uint8Array; readonly dataSize: number } {
  // Built as text, because an object would move names such as "10" to the front.
  const members: string[] = [];
  if (texts.length > 0) members.push(`"${METADATA}":{${texts.map(member).join(",")}}`);
  let end = 0;
  for (const [name, { shape, size }] of tensors) {
    const begin = end;
    end += BYTES[dtype] * size;
    members.push(member([name, { dtype, shape, data_offsets: [begin, end] }]));
  }
  return { header: encodeUtf8(`{${members.join(",")}}`), dataSize: end };
}

function room(bytes: number): FileBytes {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new ArgumentError(
      `writeSafetensors: the file would take ${bytes} bytes, more than this host puts into one array; ` +
        'write several files, or dtype: "F32"',
      { cause },
    );
  }
}

/** `"key":value` in JSON. */
function member([key, value]: readonly [string, unknown]): string {
  return `${JSON.stringify(key)}:${JSON.stringify(value)}`;
}

function writeFloat64(view: DataView, at: number, data: Float64Array): void {
  for (let i = 0; i < data.length; i++) view.setFloat64(at + 8 * i, data[i], true);
}

function writeFloat32(view: DataView, at: number, data: Float64Array, name: string): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i]) && !Number.isFinite(Math.fround(data[i]))) {
      throw new ArgumentError(
        `writeSafetensors: tensor ${show(name)}, element ${i}: ${data[i]} is too large for F32, it would become ` +
          "infinite. Write it as F64",
      );
    }
    view.setFloat32(at + 4 * i, data[i], true);
  }
}

function checkTensors(tensors: unknown): (readonly [string, Tensor])[] {
  const pairs = checkPairs("tensors", tensors);
  for (const [name, x] of pairs) {
    if (name === METADATA) {
      throw new ArgumentError(
        `writeSafetensors: no tensor can have the name "${METADATA}", which is the format's`,
      );
    }
    if (!(x instanceof Tensor)) {
      throw new ArgumentError(`writeSafetensors: under ${show(name)} must be a tensor, got ${show(x)}`);
    }
  }
  return pairs as (readonly [string, Tensor])[];
}

function checkMetadata(metadata: unknown): (readonly [string, string])[] {
  const pairs = checkPairs("metadata", metadata);
  for (const [key, text] of pairs) {
    if (typeof text !== "string" || hasLoneSurrogate(text)) {
      throw new ArgumentError(
        `writeSafetensors: metadata ${show(key)} must be a text in whole characters, got ${show(text)}`,
      );
    }
  }
  return pairs as (readonly [string, string])[];
}

/** Checked pairs: each begins with a string, and no string appears twice. */
function checkPairs(what: string, pairs: unknown): (readonly [string, unknown])[] {
  if (typeof (pairs as Iterable<unknown> | null)?.[Symbol.iterator] !== "function") {
    const hint = typeof pairs === "object" && pairs !== null ? ". Give Object.entries(…) of it" : "";
    throw new ArgumentError(`writeSafetensors: ${what} must be pairs or a Map, got ${show(pairs)}${hint}`);
  }
  const out: (readonly [string, unknown])[] = [];
  const names = new Set<string>();
  for (const pair of pairs as Iterable<unknown>) {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== "string") {
      throw new ArgumentError(
        `writeSafetensors: ${what} must be pairs that begin with a name, got ${show(pair)}`,
      );
    }
    const [name, value] = pair;
    if (hasLoneSurrogate(name)) {
      throw new ArgumentError(
        `writeSafetensors: the name ${show(name)} has half of a surrogate pair, which no file can hold`,
      );
    }
    if (names.has(name)) {
      throw new ArgumentError(`writeSafetensors: the name ${show(name)} is used twice in ${what}`);
    }
    names.add(name);
    out.push([name, value]);
  }
  return out;
}
