import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** One function of the library, of one argument or two. */
export type Elementary = (x: number, y: number) => number;

/** The worst error found and where. */
export interface Worst {
  /** In ulp of the true value. */
  readonly error: number;
  readonly points: number;
  /** The arguments, exactly, as decimal numbers that read back to the same double. */
  readonly at: readonly number[];
  /** Function, arguments, value received and true value in one sentence. */
  readonly message: string;
  /** The first 16 hexadecimal digits of the SHA-256 of all values received, little-endian. */
  readonly fingerprint: string;
}

const doubles = new Float64Array(1);
const bits = new BigUint64Array(doubles.buffer);

/** The double with the given 64 bits. */
export function fromBits(pattern: bigint): number {
  bits[0] = pattern;
  return doubles[0];
}

/** The double n places after x in the order of the numbers; x must keep its sign on the way. */
export function neighbour(x: number, n: number): number {
  doubles[0] = x;
  bits[0] += BigInt(x < 0 ? -n : n);
  return doubles[0];
}

/** The distance of the doubles around a true value that rounds to `nearest` and differs from it by `rest` places. */
function ulp(nearest: number, rest: number): number {
  doubles[0] = Math.abs(nearest);
  const exponent = Number(bits[0] >> 52n);
  // Just below a power of two the doubles are twice as dense.
  const below = (bits[0] & 0xfffffffffffffn) === 0n && exponent > 1 && rest * Math.sign(nearest) < 0;
  return fromBits(1n) * 2 ** (Math.max(exponent, 1) - 1 - (below ? 1 : 0));
}

/** The error of `received` in ulp; ∞ where an infinity, a NaN or the sign of a zero is wrong. */
export function errorInUlp(received: number, nearest: number, rest: number): number {
  if (Object.is(received, nearest)) return Math.abs(rest);
  if (received === nearest || !Number.isFinite(received) || !Number.isFinite(nearest)) return Infinity;
  return Math.abs((received - nearest) / ulp(nearest, rest) - rest);
}

/** Compares f with the true values in `directory` (default: the committed golden files; `fixtures/math/golden.py`). */
export function worstError(
  name: string,
  f: Elementary,
  directory: string | URL = new URL("../fixtures/math/", import.meta.url),
): Worst {
  const path = typeof directory === "string" ? `${directory}/${name}.txt` : new URL(`${name}.txt`, directory);
  let worst = { error: -1, at: [] as number[], message: "" };
  let points = 0;
  const hash = createHash("sha256");
  const view = new DataView(new ArrayBuffer(8));
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const fields = line.split(" ");
    const rest = Number(fields.pop()) / 1e4;
    const [nearest, ...at] = fields.map((field) => fromBits(BigInt(`0x${field}`))).reverse();
    at.reverse();
    const received = f(at[0], at[1]);
    const error = errorInUlp(received, nearest, rest);
    points++;
    view.setFloat64(0, received, true);
    hash.update(new Uint8Array(view.buffer));
    if (error > worst.error || Number.isNaN(error)) {
      const message = `${name}(${at.join(", ")}) is ${received}, ${error.toFixed(4)} ulp from about ${nearest}`;
      worst = { error, at, message };
    }
  }
  return { ...worst, points, fingerprint: hash.digest("hex").slice(0, 16) };
}

/** The numbers of a table in the fixtures, which `fixtures/math/coefficients.py` computed with 60 digits. */
export function goldenTable(name: string): Float64Array {
  const text = readFileSync(new URL(`../fixtures/math/${name}.txt`, import.meta.url), "utf8");
  return Float64Array.from(
    text
      .match(/^[^#].*/gm)
      ?.join(" ")
      .split(" ") ?? [],
    (field) => fromBits(BigInt(`0x${field}`)),
  );
}

/** The first pair of neighbours, among the 4001 doubles around x, where f falls although it should rise; or nothing. */
export function firstFall(f: (x: number) => number, x: number, direction: 1 | -1 = 1): string | undefined {
  let before = f(neighbour(x, -2000));
  for (let n = -1999; n <= 2000; n++) {
    const at = neighbour(x, n);
    const now = f(at);
    if (direction * now < direction * before) return `${before} then ${now} at ${at}`;
    before = now;
  }
  return undefined;
}
