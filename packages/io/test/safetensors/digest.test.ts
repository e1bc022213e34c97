import { createHash } from "node:crypto";
import { createRng, FormatError, tensor } from "@gradus/core";
import { Dense } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { loadWeights, readSafetensors, saveWeights, writeSafetensors } from "../../src/index.ts";

const net = (seed: string): Dense => new Dense(2, 3, { rng: createRng(seed) });
const text = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

describe("the digest of a file", () => {
  test("R7: is SHA-256 of the file with its own 64 digits as zeros, in the metadata", () => {
    const bytes = saveWeights(net("one"));
    const [, digest] = /"__metadata__":\{"gradus\.sha256":"([0-9a-f]{64})"/.exec(text(bytes)) ?? [];
    const zeroed = bytesOf(text(bytes).replace(digest, "0".repeat(64)));
    expect(createHash("sha256").update(zeroed).digest("hex")).toBe(digest);
  });

  test("R7: one flipped bit anywhere is refused, and nothing is changed", () => {
    const bytes = saveWeights(net("one"));
    const target = net("two");
    const before = [...target.weight.data];
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(() => loadWeights(target, bytes), `bit ${bit}`).toThrow(FormatError);
      bytes[bit >> 3] ^= 1 << (bit & 7);
    }
    expect([...target.weight.data]).toEqual(before);
    loadWeights(target, bytes);
    expect([...target.weight.data]).toEqual([...net("one").weight.data]);
  });

  test("R7: a changed number is named as damage, with both digests", () => {
    const bytes = saveWeights(net("one"));
    bytes[bytes.length - 1] ^= 1;
    expect(() => readSafetensors(bytes)).toThrow(
      /^safetensors: the file is damaged: its SHA-256 is [0-9a-f]{64}, and was "[0-9a-f]{64}" when it was written/,
    );
  });

  test("R7: files of others have none and are read", () => {
    const plain = writeSafetensors([["x", tensor([1])]], { metadata: [["format", "np"]] });
    expect(text(plain)).not.toContain("sha256");
    expect(readSafetensors(plain).tensor("x").item()).toBe(1);
  });

  test("R7: a file that says that it is of gradus cannot do without", () => {
    const bytes = writeSafetensors([], { metadata: [["gradus", "weights"]] });
    expect(() => readSafetensors(bytes)).toThrow(
      /is damaged: .* that gradus wrote it, and have no "gradus.sha256"/,
    );
  });

  test("R7: is not among the metadata, so that a copy of them has a digest of its own or none", () => {
    const file = readSafetensors(
      writeSafetensors([["x", tensor([1])]], { metadata: [["a", "b"]], digest: true }),
    );
    expect([...file.metadata]).toEqual([["a", "b"]]);
    const stale = [["gradus.sha256", "0".repeat(64)]] as const;
    expect(readSafetensors(writeSafetensors([], { metadata: stale })).names).toEqual([]);
    expect(readSafetensors(writeSafetensors([], { metadata: stale, digest: true })).names).toEqual([]);
    expect(() => writeSafetensors([], { digest: "yes" as never })).toThrow(
      "writeSafetensors: digest must be",
    );
  });

  test("R7: a digest that is short, long, escaped or a list is refused", () => {
    const bytes = writeSafetensors([["x", tensor([1, 2])]], { digest: true });
    const [, digest] = /sha256":"([0-9a-f]{64})/.exec(text(bytes)) ?? [];
    const escaped = `\\u00${digest.charCodeAt(0).toString(16)}${digest.slice(1)}`;
    for (const other of [digest.slice(1), `${digest}0`, digest.toUpperCase(), escaped, ""]) {
      const header = text(bytes).slice(8, -16).replace(digest, other);
      const file = new Uint8Array(8 + header.length + 16);
      new DataView(file.buffer).setUint32(0, header.length, true);
      file.set(bytesOf(header), 8);
      file.set(bytes.subarray(-16), 8 + header.length);
      expect(() => readSafetensors(file), other).toThrow(/the file is damaged/);
    }
  });
});
