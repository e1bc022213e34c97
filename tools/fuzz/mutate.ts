import type { Rng } from "@gradus/core";

/** Changes a file. */
type Mutation = (bytes: Uint8Array, rng: Rng, seeds: readonly Uint8Array[]) => Uint8Array;

/** Numbers that careless readers get wrong: 0, negative, beyond 31, 53 and 64 bits, beyond all doubles. */
const numbers = {
  binary: [0n, -1n, 2n ** 31n, 2n ** 53n, 0x7ff0000000000000n /* 1e999 as a double */],
  text: ["0", "-1", "2147483648", "9007199254740992", "1e999"],
};

/** The ways to break a file. They do not know formats: any text that looks like a number counts as one. */
export const mutations: Readonly<Record<string, Mutation>> = {
  flipBit: (bytes, rng) => {
    const out = bytes.slice();
    out[place(bytes, rng)] ^= 1 << rng.integer(8);
    return out;
  },
  changeByte: (bytes, rng) => {
    const out = bytes.slice();
    out[place(bytes, rng)] = rng.integer(256);
    return out;
  },
  cut: (bytes, rng) => bytes.slice(0, place(bytes, rng)),
  remove: (bytes, rng) => {
    const start = place(bytes, rng);
    return join(bytes.subarray(0, start), bytes.subarray(start + length(bytes, start, rng)));
  },
  duplicate: (bytes, rng) => {
    const start = place(bytes, rng);
    const end = start + length(bytes, start, rng);
    return join(bytes.subarray(0, end), bytes.subarray(start));
  },
  splice: (bytes, rng, seeds) => {
    const other = seeds[rng.integer(seeds.length)];
    return join(bytes.subarray(0, place(bytes, rng)), other.subarray(place(other, rng)));
  },
  swapBinary: (bytes, rng) => {
    const width = rng.integer(2) === 0 ? 4 : 8;
    if (bytes.length < width) return bytes;
    const out = bytes.slice();
    const view = new DataView(out.buffer);
    const value = pick(numbers.binary, rng);
    const littleEndian = rng.integer(2) === 0;
    // Fields mostly lie at multiples of 4.
    const at = Math.min(place(bytes, rng) & (rng.integer(4) === 0 ? ~0 : ~3), bytes.length - width);
    if (width === 8) view.setBigInt64(at, BigInt.asIntN(64, value), littleEndian);
    else view.setInt32(at, Number(BigInt.asIntN(32, value)), littleEndian);
    return out;
  },
  swapText: (bytes, rng) => {
    // One character a byte, so that places in the text are places in the file.
    const found = [...latin1(bytes).matchAll(/[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)];
    if (found.length === 0) return bytes;
    const { index, 0: old } = pick(found, rng);
    const value = Uint8Array.from(pick(numbers.text, rng), (character) => character.charCodeAt(0));
    return join(bytes.subarray(0, index), value, bytes.subarray(index + old.length));
  },
};

/** A good file with one to five changes. */
export function mutate(seeds: readonly Uint8Array[], rng: Rng): Uint8Array {
  let bytes = pick(seeds, rng);
  let ways = 1;
  while (ways < 5 && rng.integer(2) === 0) ways++;
  for (; ways > 0 && bytes.length > 0; ways--) bytes = pick(Object.values(mutations), rng)(bytes, rng, seeds);
  return bytes;
}

/** A random position in the file; in half of the cases near its start, where headers are. */
function place(bytes: Uint8Array, rng: Rng): number {
  return rng.integer(rng.integer(2) === 0 ? Math.min(32, bytes.length) : bytes.length);
}

/** A random end of a piece from `start` on. */
function length(bytes: Uint8Array, start: number, rng: Rng): number {
  return 1 + rng.integer(bytes.length - start);
}

function pick<T>(from: readonly T[], rng: Rng): T {
  return from[rng.integer(from.length)];
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
