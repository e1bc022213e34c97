import { FormatError } from "@gradus/core";

/** The result of {@link inflate}. @internal */
export interface Inflated {
  /** Number of bytes written. */
  readonly size: number;
  /** The position behind the last block; undefined if there is more to write than room. */
  readonly end: number | undefined;
}

/** The longest code of a symbol, in bits. */
const MAX_BITS = 15;

/** Of symbols 257 to 285: the length of a copy is base + extra bits (RFC 1951, 3.2.5). */
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];

/** The order in which the lengths of the codes for code lengths are stored. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A Huffman code: the entry for the next bits is symbol·16 + length of its code, and 0 where no code begins so. */
interface Code {
  readonly table: Uint16Array;
  readonly bits: number;
}

/**
 * Unpacks DEFLATE data (RFC 1951) into `out` until they end or `out` is full. Engines differ on what may follow the end of
 * packed data; this function says where they end. It accepts exactly the data that zlib accepts. @internal
 */
export function inflate(bytes: Uint8Array, start: number, out: Uint8Array): Inflated {
  const input = new Bits(bytes, start);
  let size = 0;
  for (let last = false; !last; ) {
    last = input.take(1) === 1;
    const type = input.take(2);
    if (type === 0) {
      const length = input.storedLength();
      const room = Math.min(length, out.length - size);
      out.set(bytes.subarray(input.at, input.at + room), size);
      size += room;
      if (room < length) return { size, end: undefined };
      input.at += length;
      continue;
    }
    if (type === 3) throw new FormatError("a block of unknown type");
    const { literals, distances } = type === 1 ? fixedCodes() : dynamicCodes(input);
    for (;;) {
      const symbol = input.symbol(literals);
      if (symbol < 256) {
        if (size === out.length) return { size, end: undefined };
        out[size++] = symbol;
        continue;
      }
      if (symbol === 256) break;
      if (symbol > 285) throw new FormatError("an unknown length symbol");
      const length = LENGTH_BASE[symbol - 257] + input.take(LENGTH_EXTRA[symbol - 257]);
      const far = input.symbol(distances);
      if (far > 29) throw new FormatError("an unknown distance symbol");
      const distance = DISTANCE_BASE[far] + input.take(DISTANCE_EXTRA[far]);
      if (distance > size) throw new FormatError("a copy from before the beginning");
      const stop = Math.min(size + length, out.length);
      const whole = size + length === stop;
      // Byte by byte: a copy may overlap itself.
      for (; size < stop; size++) out[size] = out[size - distance];
      if (!whole) return { size, end: undefined };
    }
  }
  return { size, end: input.at - (input.bits >> 3) };
}

/** Reads bits, the lowest of a byte first. */
class Bits {
  readonly #bytes: Uint8Array;
  /** The position of the next byte. */
  at: number;
  /** The bits that were read from bytes and not used yet, and their number. */
  hold = 0;
  bits = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** The next `count` ≤ 16 bits as a number. */
  take(count: number): number {
    while (this.bits < count) {
      if (this.at >= this.#bytes.length) throw cutShort();
      this.hold |= this.#bytes[this.at++] << this.bits;
      this.bits += 8;
    }
    const value = this.hold & ((1 << count) - 1);
    this.hold >>>= count;
    this.bits -= count;
    return value;
  }

  /** The next symbol of a Huffman code. */
  symbol({ table, bits }: Code): number {
    while (this.bits < bits && this.at < this.#bytes.length) {
      this.hold |= this.#bytes[this.at++] << this.bits;
      this.bits += 8;
    }
    const entry = table[this.hold & ((1 << bits) - 1)];
    const length = entry & 15;
    if (length > this.bits) throw cutShort();
    if (length === 0) throw this.bits < bits ? cutShort() : new FormatError("bits that are no code");
    this.hold >>>= length;
    this.bits -= length;
    return entry >> 4;
  }

  /** Skips the rest of a byte and reads the length of a stored block, which must be in the input. */
  storedLength(): number {
    this.take(this.bits & 7);
    const length = this.take(16);
    if (this.take(16) !== (~length & 0xffff)) throw new FormatError("a stored block with a wrong length");
    // Bytes that were read ahead belong to the block.
    this.at -= this.bits >> 3;
    this.hold = 0;
    this.bits = 0;
    if (this.at + length > this.#bytes.length) throw cutShort();
    return length;
  }
}

function cutShort(): FormatError {
  return new FormatError("unexpected end: it was cut short");
}

let fixed: { literals: Code; distances: Code } | undefined;

/** The codes of a block without codes of its own (RFC 1951, 3.2.6). */
function fixedCodes(): { literals: Code; distances: Code } {
  if (fixed === undefined) {
    const lengths = new Uint8Array(288).fill(8);
    lengths.fill(9, 144, 256).fill(7, 256, 280);
    fixed = {
      literals: codeOf(lengths, "literal"),
      distances: codeOf(new Uint8Array(32).fill(5), "distance"),
    };
  }
  return fixed;
}

/** The codes at the beginning of a block that has its own (RFC 1951, 3.2.7). */
function dynamicCodes(input: Bits): { literals: Code; distances: Code } {
  const literals = input.take(5) + 257;
  const distances = input.take(5) + 1;
  if (literals > 286 || distances > 30) throw new FormatError("too many symbols");
  const packed = new Uint8Array(19);
  const count = input.take(4) + 4;
  for (let i = 0; i < count; i++) packed[ORDER[i]] = input.take(3);
  const code = codeOf(packed, "length");
  const lengths = new Uint8Array(literals + distances);
  for (let i = 0; i < lengths.length; ) {
    const symbol = input.symbol(code);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw new FormatError("a repeated code length without one before");
    const value = symbol === 16 ? lengths[i - 1] : 0;
    const times = symbol === 16 ? 3 + input.take(2) : symbol === 17 ? 3 + input.take(3) : 11 + input.take(7);
    if (i + times > lengths.length) throw new FormatError("too many code lengths");
    lengths.fill(value, i, i + times);
    i += times;
  }
  if (lengths[256] === 0) throw new FormatError("no symbol for the end of the block");
  return {
    literals: codeOf(lengths.subarray(0, literals), "literal"),
    distances: codeOf(lengths.subarray(literals), "distance"),
  };
}

/** The Huffman code of symbols with codes of these lengths, 0 for symbols without one (RFC 1951, 3.2.2). */
function codeOf(lengths: Uint8Array, kind: "length" | "literal" | "distance"): Code {
  const counts = new Uint16Array(MAX_BITS + 1);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  let bits = MAX_BITS;
  while (bits > 1 && counts[bits] === 0) bits--;
  const next = new Uint16Array(MAX_BITS + 2);
  let left = 1;
  for (let length = 1; length <= MAX_BITS; length++) {
    left = 2 * left - counts[length];
    if (left < 0) throw new FormatError(`too many ${kind} codes`);
    next[length + 1] = (next[length] + counts[length]) << 1;
  }
  // As zlib: a code may be incomplete only if it has one symbol of one bit, or none.
  const used = counts.some((count) => count > 0);
  if (left > 0 && used && (kind === "length" || bits > 1)) throw new FormatError(`${kind} codes are missing`);
  const table = new Uint16Array(1 << bits);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    const entry = (symbol << 4) | length;
    for (let at = reversed(next[length]++, length); at < table.length; at += 1 << length) table[at] = entry;
  }
  return { table, bits };
}

/** The lowest `count` bits in reverse order: codes are stored from their highest bit. */
function reversed(code: number, count: number): number {
  let out = 0;
  for (let i = 0; i < count; i++) out |= ((code >> i) & 1) << (count - 1 - i);
  return out;
}
