import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readSafetensors } from "../../src/safetensors/read.ts";
import { fileOf } from "./files.ts";

/** Files of the reference implementation, and what PyTorch and NumPy read from them: see generate.py there. */
const folder = new URL("../fixtures/safetensors/", import.meta.url);

interface Expected {
  readonly files: Record<string, ExpectedFile>;
  readonly sha256: Record<string, string>;
}

interface ExpectedFile {
  readonly metadata: Record<string, string>;
  readonly tensors: Record<string, { dtype: string; shape: number[]; values: string[] }>;
}

const expected: Expected = JSON.parse(readFileSync(new URL("expected.json", folder), "utf8"));

/** Python's repr of a float. */
const parse = (text: string): number => Number(text.replace("inf", "Infinity").replace("nan", "NaN"));

describe.each(Object.entries(expected.files))("%s.safetensors", (name, { metadata, tensors }) => {
  const file = readSafetensors(readFileSync(new URL(`${name}.safetensors`, folder)));

  test("has the tensors and metadata that were written", () => {
    expect([...file.names].sort()).toEqual(Object.keys(tensors).sort());
    expect([...file.metadata].sort()).toEqual(Object.entries(metadata).sort());
  });

  test.each(Object.entries(tensors))("%j has the same numbers", (name, { dtype, shape, values }) => {
    expect(file.info(name)).toEqual({ dtype, shape });
    expect(file.tensor(name).shape).toEqual(shape);
    expect([...file.tensor(name).data]).toEqual(values.map(parse));
  });
});

test.each(["F16", "BF16"])("all 65,536 numbers of %s are PyTorch's", (dtype) => {
  const patterns = Uint8Array.from({ length: 131072 }, (_, i) => (i >> 1) >> (8 * (i & 1)));
  const all = readSafetensors(fileOf(dtype, patterns, [65536])).tensor("x").data;
  const numbers = all.filter((value) => !Number.isNaN(value));
  const bytes = new DataView(new ArrayBuffer(8 * numbers.length));
  for (let i = 0; i < numbers.length; i++) bytes.setFloat64(8 * i, numbers[i], true);
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(expected.sha256[dtype]);
});
