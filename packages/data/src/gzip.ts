import { FormatError, noMore, ranges, resolveOptions } from "@gradus/core";
import { isGzip, wrongStart } from "@gradus/core/text";
import { checkBytes } from "./bytes.ts";
import { type Inflated, inflate } from "./inflate.ts";

/** The shortest gzip file: 10 bytes of header and 8 of trailer. */
const OVERHEAD = 18;

/** The checksum and the length at the end. */
const TRAILER = 8;

const CUT_OR_LONGER = "It was cut short, or something follows its end";

/** The most bytes that one packed byte can unpack to: four repeats of two bits each, of 258 bytes each. */
const MOST_PER_BYTE = 1032;

/**
 * Unpacks a gzip file (RFC 1952) of one member and less than 4 GiB to at most `limit` bytes.
 *
 * The last 4 bytes of the file give the unpacked length. It is compared with `limit`, and with the most that so many
 * packed bytes can hold, before anything is unpacked; unpacking stops at the first byte beyond it. The checksums are
 * compared. It uses nothing of the JavaScript engine, so that every engine accepts the same files: the engines' own
 * `DecompressionStream`s differ on second members and on bytes after the end.
 *
 * @param bytes the whole packed file.
 * @param options `limit`: the most bytes the result may have. No default, because 1 MB can unpack to 1 GB.
 * @throws FormatError if the file is not gzip, is cut short, has a wrong checksum, a second member or bytes after its end, or
 * unpacks to more than `limit`; ArgumentError for a `limit` that is not a whole number ≥ 0.
 * @example
 * const packed = new Uint8Array(await (await fetch("train-labels-idx1-ubyte.gz")).arrayBuffer());
 * const labels = readIdx(await gunzip(packed, { limit: 60008 }));
 */
export async function gunzip(
  bytes: Uint8Array,
  options: { readonly limit: number },
  ...extra: readonly undefined[]
): Promise<Uint8Array> {
  noMore("gunzip", "bytes, options", extra);
  const { limit } = resolveOptions<{ limit: number }>("gunzip", options, {}, { limit: ranges.count });
  return unpack(bytes, limit, "gunzip");
}

/** {@link gunzip} with a checked limit; messages begin with `who`. @internal */
export async function unpack(bytes: Uint8Array, limit: number, who: string): Promise<Uint8Array> {
  checkGzip(bytes, who);
  const length = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0, true);
  const broken = `${who}: broken gzip file: its last 4 bytes promise ${length} bytes, but`;
  if (length > MOST_PER_BYTE * bytes.length) {
    throw new FormatError(`${broken} its ${bytes.length} cannot unpack to so many. ${CUT_OR_LONGER}`);
  }
  if (length > limit) {
    throw new FormatError(
      `${who}: the file unpacks to more than the ${limit} bytes allowed, or was cut short: ` +
        `its last 4 bytes promise ${length}`,
    );
  }
  const out = new Uint8Array(length);
  const { size, end } = unpacked(bytes, out, who);
  if (end === undefined) throw new FormatError(`${broken} it unpacks to more. ${CUT_OR_LONGER}`);
  if (end + TRAILER < bytes.length) {
    const second = isGzip(bytes.subarray(end + TRAILER));
    throw new FormatError(
      `${who}: broken gzip file: something follows its end at byte ${end + TRAILER} of ${bytes.length}` +
        (second ? ": a second gzip file. Unpack the two one by one, or pack their data together" : ""),
    );
  }
  if (end + TRAILER > bytes.length) throw new FormatError(`${who}: broken gzip file: it was cut short`);
  if (size < length) throw new FormatError(`${broken} it unpacks to ${size}. ${CUT_OR_LONGER}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  if (view.getUint32(end, true) === crc32(out)) return out;
  throw new FormatError(`${who}: broken gzip file: the checksum of its data is not the stored one`);
}

/** Unpacks the first `count` bytes, or fewer if there are no more; the rest is not checked. @internal */
export async function unpackStart(bytes: Uint8Array, count: number, who: string): Promise<Uint8Array> {
  checkGzip(bytes, who);
  const out = new Uint8Array(count);
  return out.subarray(0, unpacked(bytes, out, who).size);
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

function unpacked(bytes: Uint8Array, out: Uint8Array, who: string): Inflated {
  try {
    return inflate(bytes, afterHeader(bytes), out);
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new FormatError(`${who}: broken gzip file of ${bytes.length} bytes: ${cause.message}`, { cause });
  }
}

/** Flags of the header: a checksum of the header, extra bytes, a name, a comment follow. */
const [FHCRC, FEXTRA, FNAME, FCOMMENT] = [2, 4, 8, 16];

/** The position of the packed data. */
function afterHeader(bytes: Uint8Array): number {
  const flags = bytes[3];
  if (bytes[2] !== 8) throw new FormatError(`it is packed by method ${bytes[2]}, not 8`);
  if ((flags & 0xe0) !== 0) throw new FormatError("it has flags that are not defined");
  let at = 10;
  if (flags & FEXTRA) at += 2 + bytes[at] + 256 * bytes[at + 1];
  for (const flag of [FNAME, FCOMMENT]) {
    if (!(flags & flag)) continue;
    const zero = bytes.indexOf(0, at);
    if (zero < 0) throw new FormatError("its header was cut short");
    at = zero + 1;
  }
  if (flags & FHCRC) {
    if ((crc32(bytes.subarray(0, at)) & 0xffff) !== bytes[at] + 256 * bytes[at + 1]) {
      throw new FormatError("the checksum of its header is not the stored one");
    }
    at += 2;
  }
  if (!(at + TRAILER < bytes.length)) throw new FormatError("its header was cut short");
  return at;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** The checksum CRC-32 (RFC 1952, section 8). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
