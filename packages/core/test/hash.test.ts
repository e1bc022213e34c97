import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { initialHash, roundConstants, Sha256 } from "../src/hash.ts";
import { createRng, hashTensors, Parameter, type Tensor, tensor } from "../src/index.ts";

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
const sha256 = (bytes: Iterable<number>): string => new Sha256().bytes(bytes).digest();

describe("SHA-256", () => {
  test("computes the constants that FIPS 180-4 lists", () => {
    expect(initialHash()).toEqual(
      Int32Array.of(
        ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
      ),
    );
    expect(roundConstants()).toEqual(
      Int32Array.of(
        ...[
          0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
          0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
          0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
          0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
          0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
          0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
          0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
          0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
        ],
      ),
    );
  });

  test.each([
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("gives the answer known for %.60s", (text, answer) => {
    expect(sha256(ascii(text))).toBe(answer);
  });

  test("agrees with node:crypto at every length up to three blocks", () => {
    const rng = createRng("bytes");
    for (let length = 0; length <= 192; length++) {
      const bytes = Uint8Array.from({ length }, () => rng.integer(256));
      expect(sha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  test("does not depend on the pieces of the bytes", () => {
    const bytes = ascii("the quick brown fox ".repeat(20));
    const cut = new Sha256().bytes(bytes.slice(0, 63)).bytes([]).bytes(bytes.slice(63, 65));
    expect(cut.bytes(bytes.slice(65)).digest()).toBe(sha256(bytes));
  });
});

describe("hashTensors", () => {
  const hash = (...tensors: readonly (readonly [string, Tensor])[]): string => hashTensors(tensors);
  const x = tensor([[1.5, -2, 3]]);

  test("is SHA-256 over lengths, names in UTF-8, shapes and elements, all numbers as little-endian float64", () => {
    const float64 = (...values: number[]): Buffer => {
      const bytes = Buffer.alloc(8 * values.length);
      for (const [i, value] of values.entries()) bytes.writeDoubleLE(value, 8 * i);
      return bytes;
    };
    for (const name of ["weight", "", "größe", "重み", "𝑥.0"]) {
      const bytes = Buffer.from(name, "utf8");
      const parts = [float64(bytes.length), bytes, float64(2, 1, 3), float64(1.5, -2, 3)];
      expect(hash([name, x])).toBe(createHash("sha256").update(Buffer.concat(parts)).digest("hex"));
    }
  });

  test("of nothing is SHA-256 of nothing", () => {
    expect(hash()).toBe(sha256([]));
  });

  test("counts -0 as +0", () => {
    expect(hash(["x", tensor([-0, 1])])).toBe(hash(["x", tensor([0, 1])]));
  });

  test("counts every NaN as the same", () => {
    const nan = (high: number, low: number): Tensor => {
      const values = new Float64Array(1);
      const words = new Uint32Array(values.buffer);
      const little = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
      words.set(little ? [low, high] : [high, low]);
      return tensor(values);
    };
    const hashes = [nan(0x7ff80000, 0), nan(0xfff80000, 0), nan(0x7ff80000, 1), nan(0xfff12345, 6789)];
    expect(new Set(hashes.map((value) => hash(["x", value]))).size).toBe(1);
    const canonical = new Sha256().number(1).bytes(ascii("x")).number(1).number(1);
    expect(hash(["x", tensor([Number.NaN])])).toBe(canonical.bytes([0, 0, 0, 0, 0, 0, 0xf8, 0x7f]).digest());
  });

  test("differs for other names, shapes, order, and numbers in their last bit", () => {
    const y = tensor([[4]]);
    const different = [
      hash(["x", x]),
      hash(["y", x]),
      hash(["x", x.reshape({ shape: [3, 1] })]),
      hash(["x", x.reshape({ shape: [3] })]),
      hash(["x", x.reshape({ shape: [1, 1, 3] })]),
      hash(["x", tensor([[1.5 + 2 ** -52, -2, 3]])]),
      hash(["x", x], ["y", y]),
      hash(["y", y], ["x", x]),
      hash(["x", x], ["x", x]),
      hash(["x", tensor(new Float64Array(0), [0, 3])]),
      hash(["x", tensor(new Float64Array(0), [3, 0])]),
    ];
    expect(new Set(different).size).toBe(different.length);
  });

  test("differs for names and numbers that join to the same bytes", () => {
    const scalar = (value: number): Tensor => tensor(value);
    expect(hash(["ab", scalar(1)], ["c", scalar(2)])).not.toBe(hash(["a", scalar(1)], ["bc", scalar(2)]));
    expect(hash(["x", tensor([1, 2])])).not.toBe(hash(["x", tensor([1])], ["x", tensor([2])]));
    expect(hash(["x", tensor([1, 0])])).not.toBe(hash(["x", tensor([[0]])]));
  });

  test("takes parameters as tensors and any iterable", () => {
    const map = new Map([["x", new Parameter(x)]]);
    expect(hashTensors(map)).toBe(hash(["x", x]));
  });

  test.each([[undefined], [{ x }], [[x]], [[["x", [1, 2]]]], [[[x, "x"]]], ["ab"]])("refuses %s", (wrong) => {
    expect(() => hashTensors(wrong as unknown as [])).toThrow(
      /hashTensors: needs pairs \[name, tensor\], got/,
    );
  });
});
