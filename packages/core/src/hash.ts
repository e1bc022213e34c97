import { ArgumentError } from "./errors.ts";
import { noMore } from "./options.ts";
import { show } from "./shape.ts";
import { tagOf } from "./tag.ts";
import { Tensor } from "./tensor.ts";

/**
 * A digest of tensors: equal if and only if names, order, shapes and numbers are equal, bit for bit. Two training runs
 * with equal digests of all weights had the same steps.
 *
 * SHA-256 over, for each tensor in order: the length of the name in bytes, the name in UTF-8, the number of axes, their
 * sizes, the elements. All numbers, also lengths and sizes, are the 8 bytes of a float64, lowest byte first on every
 * machine. −0 counts as +0, every NaN as 0x7ff8000000000000.
 *
 * @param tensors pairs of a name and a tensor, such as `namedTensors(net)` of `@gradus/nn`.
 * @returns 64 hexadecimal digits.
 * @throws ArgumentError for anything but such pairs.
 * @example
 * hashTensors(namedTensors(net)); // "0ad3f1…"
 */
export function hashTensors(
  tensors: Iterable<readonly [name: string, tensor: Tensor]>,
  ...extra: readonly undefined[]
): string {
  noMore("hashTensors", "tensors", extra);
  if (typeof Object(tensors)[Symbol.iterator] !== "function" || typeof tensors === "string") {
    throw new ArgumentError(`hashTensors: needs pairs [name, tensor], got ${show(tensors)}`);
  }
  const sha = new Sha256();
  for (const entry of tensors) {
    const [name, tensor] = Array.isArray(entry) ? entry : [];
    if (typeof name !== "string" || !(tensor instanceof Tensor)) {
      throw new ArgumentError(`hashTensors: needs pairs [name, tensor], got ${show(entry)} among them`);
    }
    const bytes = utf8(name);
    sha.number(bytes.length).bytes(bytes).number(tensor.rank);
    for (const size of tensor.shape) sha.number(size);
    for (let i = 0; i < tensor.size; i++) sha.number(tensor.data[i]);
  }
  return sha.digest();
}

/** The bytes of a text in UTF-8 (RFC 3629, §3). A lone surrogate is encoded like a character. */
function utf8(text: string): number[] {
  const tail = (code: number, shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  return Array.from(text).flatMap((character) => {
    const code = character.codePointAt(0) as number;
    if (code < 0x80) return [code];
    if (code < 0x800) return [0xc0 | (code >> 6), tail(code, 0)];
    if (code < 0x10000) return [0xe0 | (code >> 12), tail(code, 6), tail(code, 0)];
    return [0xf0 | (code >> 18), tail(code, 12), tail(code, 6), tail(code, 0)];
  });
}

/** H⁰: the first 32 fraction bits of the square roots of the first 8 primes (FIPS 180-4, §5.3.3). */
export function initialHash(): Int32Array {
  return Int32Array.from(primes(8), (prime) => fractionBits(Math.sqrt(prime)));
}

/** The round constants: the first 32 fraction bits of the cube roots of the first 64 primes (§4.2.2). */
export function roundConstants(): Int32Array {
  return Int32Array.from(primes(64), (prime) => fractionBits(cubeRoot(prime)));
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

function fractionBits(x: number): number {
  return Math.floor((x % 1) * 4294967296);
}

/** ∛a for 1 < a < 1000 by Newton's method, x − (x³ − a)/(3x²); only the last digit may be wrong. */
function cubeRoot(a: number): number {
  let x = a;
  for (let step = 0; step < 20; step++) x -= (x * x * x - a) / (3 * x * x);
  return x;
}

/**
 * SHA-256 (FIPS 180-4, §6.2) of bytes that are added in pieces. Variables are named as in the standard.
 *
 * @example new Sha256().bytes([97, 98, 99]).digest(); // "ba7816bf…"
 */
export class Sha256 {
  readonly #hash: Int32Array = initialHash();
  readonly #constants: Int32Array = roundConstants();
  /** The current block. */
  readonly #block: DataView = new DataView(new ArrayBuffer(64));
  readonly #schedule: Int32Array = new Int32Array(64);
  readonly #number: DataView = new DataView(new ArrayBuffer(8));
  /** Number of bytes so far. */
  #length = 0;

  /** Adds bytes. */
  bytes(values: Iterable<number>): this {
    if (tagOf(values) === "Uint8Array") return this.#many(values as Uint8Array);
    for (const value of values) this.#byte(value);
    return this;
  }

  /** Adds bytes, whole blocks at a time. */
  #many(values: Uint8Array): this {
    let at = 0;
    while (at < values.length && this.#length % 64 !== 0) this.#byte(values[at++]);
    const view = new DataView(values.buffer, values.byteOffset, values.length);
    for (; at + 64 <= values.length; at += 64) {
      this.#length += 64;
      this.#compress(view, at);
    }
    while (at < values.length) this.#byte(values[at++]);
    return this;
  }

  /** Adds the 8 bytes of a float64, lowest first; −0 as +0 and every NaN as 0x7ff8000000000000. */
  number(value: number): this {
    // The JavaScript engine chooses the bits of a NaN, so they are written as integers.
    if (Number.isNaN(value)) {
      this.#number.setUint32(0, 0, true);
      this.#number.setUint32(4, 0x7ff80000, true);
    } else this.#number.setFloat64(0, value === 0 ? 0 : value, true);
    for (let i = 0; i < 8; i++) this.#byte(this.#number.getUint8(i));
    return this;
  }

  /** The digest of all added bytes: 64 hexadecimal digits. No bytes can be added afterwards. */
  digest(): string {
    const bits = 8 * this.#length;
    this.#byte(0x80);
    while (this.#length % 64 !== 56) this.#byte(0);
    this.#block.setUint32(56, Math.floor(bits / 4294967296));
    this.#block.setUint32(60, bits);
    this.#compress(this.#block, 0);
    return Array.from(this.#hash, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }

  #byte(value: number): void {
    this.#block.setUint8(this.#length++ % 64, value);
    if (this.#length % 64 === 0) this.#compress(this.#block, 0);
  }

  /** Adds the block at byte `at` of `view` to the hash (§6.2.2). Each `| 0` keeps a sum in 32 bits, which is faster. */
  #compress(view: DataView, at: number): void {
    const w = this.#schedule;
    const constants = this.#constants;
    const hash = this.#hash;
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15];
      const y = w[t - 2];
      const sigma0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
      const sigma1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
      w[t] = ((sigma1 + w[t - 7]) | 0) + ((sigma0 + w[t - 16]) | 0);
    }
    let a = hash[0];
    let b = hash[1];
    let c = hash[2];
    let d = hash[3];
    let e = hash[4];
    let f = hash[5];
    let g = hash[6];
    let h = hash[7];
    for (let t = 0; t < 64; t++) {
      const sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 = (((h + sum1) | 0) + ((((e & f) ^ (~e & g)) + ((constants[t] + w[t]) | 0)) | 0)) | 0;
      const sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    hash[0] += a;
    hash[1] += b;
    hash[2] += c;
    hash[3] += d;
    hash[4] += e;
    hash[5] += f;
    hash[6] += g;
    hash[7] += h;
  }
}

/** ROTRⁿ(x): rotates the bits of x right by n. */
function rotate(x: number, n: number): number {
  return (x >>> n) | (x << (32 - n));
}
