import { FormatError, GradusError, ranges, resolveOptions, show, tagOf } from "@gradus/core";
import { isGzip, wrongStart } from "@gradus/core/text";
import { checkBytes } from "./arrays.ts";

/** The part of the Streams standard used here. Node and browsers have it; no common type library declares it. */
interface GzipStream {
  readonly readable: {
    getReader(): {
      read(): Promise<{ done: boolean; value?: Uint8Array }>;
      cancel(): Promise<void>;
    };
  };
  readonly writable: {
    getWriter(): { write(chunk: Uint8Array): Promise<void>; close(): Promise<void> };
  };
}

declare const DecompressionStream: (new (format: "gzip") => GzipStream) | undefined;

/** The shortest gzip file: 10 bytes of header and 8 of trailer. */
const OVERHEAD = 18;

/** The most bytes that one packed byte can unpack to: four repeats of two bits each, of 258 bytes each. */
const MOST_PER_BYTE = 1032;

/** Packed bytes per write to the stream. */
const SLICE = 16384;

/**
 * Unpacks a gzip file (RFC 1952) of one member and less than 4 GiB to at most `limit` bytes.
 *
 * The last 4 bytes of the file give the unpacked length. It is compared with `limit`, and with the most that so many
 * packed bytes can hold, before anything is unpacked; unpacking stops at the first byte beyond it. The JavaScript
 * engine checks the checksum.
 *
 * @param bytes the whole packed file.
 * @param options `limit`: the most bytes the result may have. No default, because 1 MB can unpack to 1 GB.
 * @throws FormatError if the file is not gzip, is cut short, has a wrong checksum or bytes after its end, or unpacks to
 * more than `limit`; ArgumentError for a `limit` that is not a whole number ≥ 0; GradusError if the JavaScript engine
 * has no `DecompressionStream`.
 * @example
 * const packed = new Uint8Array(await (await fetch("train-labels-idx1-ubyte.gz")).arrayBuffer());
 * const labels = readIdx(await gunzip(packed, { limit: 60008 }));
 */
export async function gunzip(bytes: Uint8Array, options: { readonly limit: number }): Promise<Uint8Array> {
  const { limit } = resolveOptions<{ limit: number }>("gunzip", options, {}, { limit: ranges.count });
  return unpack(bytes, limit, "gunzip");
}

/** {@link gunzip} with a checked limit; messages begin with `who`. @internal */
export async function unpack(bytes: Uint8Array, limit: number, who: string): Promise<Uint8Array> {
  checkGzip(bytes, who);
  const length = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  const broken = `${who}: broken gzip file: its last 4 bytes promise ${length} bytes, but`;
  const end = "It was cut short, or something follows its end";
  if (length > MOST_PER_BYTE * bytes.length) {
    throw new FormatError(`${broken} its ${bytes.length} cannot unpack to so many. ${end}`);
  }
  if (length > limit) {
    throw new FormatError(
      `${who}: the file unpacks to more than the ${limit} bytes allowed, or was cut short: ` +
        `its last 4 bytes promise ${length}`,
    );
  }
  const out = new Uint8Array(length);
  const found = await inflate(bytes, out, who);
  if (found > length) throw new FormatError(`${broken} it unpacks to more. ${end}`);
  if (found < length) throw new FormatError(`${broken} it unpacks to ${found}. ${end}`);
  return out;
}

/** Unpacks the first `count` bytes, or fewer if there are no more; the rest is not checked. @internal */
export async function unpackStart(bytes: Uint8Array, count: number, who: string): Promise<Uint8Array> {
  checkGzip(bytes, who);
  const out = new Uint8Array(count);
  return out.subarray(0, await inflate(bytes, out, who));
}

function checkGzip(bytes: Uint8Array, who: string): void {
  checkBytes(bytes, who);
  if (bytes.length === 0) throw new FormatError(`${who}: the file is empty`);
  if (!isGzip(bytes)) throw wrongStart(bytes, who, "a gzip file");
  if (bytes.length < OVERHEAD) {
    throw new FormatError(
      `${who}: gzip file cut short: ${bytes.length} bytes, at least ${OVERHEAD} are needed`,
    );
  }
}

/** Unpacks into `out` until it is full. Returns the number of bytes read: more than `out` holds if there are more. */
async function inflate(bytes: Uint8Array, out: Uint8Array, who: string): Promise<number> {
  if (typeof DecompressionStream === "undefined") {
    throw new GradusError(`${who}: this engine has no DecompressionStream. Unpack the file beforehand`);
  }
  const stream = new DecompressionStream("gzip");
  const reader = stream.readable.getReader();
  // The reader below reports the same failure; a failure after `cancel` is expected.
  feed(bytes, stream.writable).catch(() => {});
  let size = 0;
  try {
    while (size <= out.length) {
      const { done, value } = await reader.read();
      if (done || value === undefined) return size;
      out.set(value.subarray(0, out.length - size), size);
      size += value.length;
    }
  } catch (cause) {
    const reason = tagOf(cause) === "Error" ? (cause as Error).message : show(cause);
    throw new FormatError(`${who}: broken gzip file of ${bytes.length} bytes: ${reason}`, { cause });
  }
  await reader.cancel().catch(() => {});
  return size;
}

async function feed(bytes: Uint8Array, writable: GzipStream["writable"]): Promise<void> {
  const writer = writable.getWriter();
  for (let start = 0; start < bytes.length; start += SLICE) {
    await writer.write(bytes.subarray(start, start + SLICE));
  }
  await writer.close();
}
