import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ones, type Tensor, tensor, zeros } from "@gradus/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHeader } from "../../src/safetensors/header.ts";
import { readSafetensors } from "../../src/safetensors/read.ts";
import { headerOf, writeSafetensors } from "../../src/safetensors/write.ts";

/** Bit for bit, except that NaNs are not told apart. */
function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

const extremes = [0, -0, 1 / 3, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 53, Number.NaN, -1 / 0];

describe("writeSafetensors", () => {
  test("writes the bytes of the format, derived by hand", () => {
    const bytes = writeSafetensors([["x", tensor([1, -2])]], { dtype: "F32", metadata: [["by", "me"]] });
    const header = '{"__metadata__":{"by":"me"},"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}       ';
    expect(header.length % 8).toBe(0);
    expect([...bytes.subarray(0, 8)]).toEqual([header.length, 0, 0, 0, 0, 0, 0, 0]);
    expect(String.fromCharCode(...bytes.subarray(8, 8 + header.length))).toBe(header);
    expect([...bytes.subarray(8 + header.length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  test("writes an empty file as the reference implementation does", () => {
    const none = [8, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20];
    expect([...writeSafetensors([])]).toEqual(none);
    expect([...writeSafetensors(new Map(), { metadata: new Map() })]).toEqual(none);
  });

  test("keeps every number, −0 and subnormals too", () => {
    const read = readSafetensors(writeSafetensors([["x", tensor(extremes)]]));
    expect(read.info("x")).toEqual({ dtype: "F64", shape: [extremes.length] });
    expect(sameNumbers(read.tensor("x").data, Float64Array.from(extremes))).toBe(true);
  });

  test("keeps the order, also of names that look like numbers", () => {
    const names = ["b", "10", "a", "9"];
    const bytes = writeSafetensors(
      names.map((name) => [name, ones([1])]),
      { metadata: names.map((n) => [n, n]) },
    );
    expect(readSafetensors(bytes).names).toEqual(names);
    expect([...readSafetensors(bytes).metadata.keys()]).toEqual(names);
  });

  test("starts the numbers at a multiple of 8", () => {
    for (let length = 0; length < 9; length++) {
      const bytes = writeSafetensors([["n".repeat(length), ones([3])]]);
      expect((bytes.length - 24) % 8).toBe(0);
      expect(readSafetensors(bytes).names).toEqual(["n".repeat(length)]);
    }
  });

  test("takes a Map, a generator, scalars and tensors of size 0", () => {
    const map = new Map([
      ["scalar", tensor(3)],
      ["none", zeros([2, 0])],
      ["matrix", tensor([[1, 2]])],
    ]);
    const generator = (function* (): Generator<[string, Tensor]> {
      yield* map;
    })();
    for (const given of [map, generator]) {
      const read = readSafetensors(writeSafetensors(given));
      expect(read.names.map((name) => read.info(name).shape)).toEqual([[], [2, 0], [1, 2]]);
      expect(read.tensor("scalar").item()).toBe(3);
    }
  });

  test("rounds to the nearest float32 if asked, infinities and NaN included", () => {
    const values = [0.1, 1 + 2 ** -25, 3.4028235677973362e38, -1e-50, 1 / 0, Number.NaN, -0];
    const read = readSafetensors(writeSafetensors([["x", tensor(values)]], { dtype: "F32" }));
    expect(sameNumbers(read.tensor("x").data, Float64Array.from(values, Math.fround))).toBe(true);
  });

  test("reading gives back random tensors that were written", () => {
    const name = fc.string({ unit: "binary" }).filter((text) => text !== "__metadata__");
    const shape = fc.array(fc.nat({ max: 3 }), { maxLength: 3 });
    const number = fc.oneof(fc.double(), fc.constantFrom(...extremes));
    const pairs = fc.uniqueArray(fc.tuple(name, shape), { selector: ([text]) => text, maxLength: 5 });
    const texts = fc.uniqueArray(fc.tuple(name, name), { selector: ([key]) => key, maxLength: 3 });
    fc.assert(
      fc.property(pairs, texts, fc.infiniteStream(number), fc.boolean(), (pairs, metadata, stream, half) => {
        const tensors = pairs.map(([text, shape]): [string, Tensor] => {
          const x = zeros(shape);
          return [text, x.assign(x.data.map(() => stream.next().value as number))];
        });
        const fits = (x: number): boolean => !Number.isFinite(x) || Number.isFinite(Math.fround(x));
        const dtype = half && tensors.every(([, x]) => x.data.every(fits)) ? "F32" : "F64";
        const read = readSafetensors(writeSafetensors(tensors, { metadata, dtype }));
        expect(read.names).toEqual(tensors.map(([text]) => text));
        expect([...read.metadata]).toEqual(metadata);
        for (const [text, x] of tensors) {
          expect(read.info(text)).toEqual({ dtype, shape: x.shape });
          expect(
            sameNumbers(read.tensor(text).data, dtype === "F64" ? x.data : x.data.map(Math.fround)),
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("R3: places beyond 2 GiB and 4 GiB are written as they are read", () => {
  const sizes = [3, 2 ** 28, 2 ** 29 + 1, 5].map((size, i) => [`x${i}`, { shape: [size], size }] as const);
  for (const [dtype, bytes] of [
    ["F64", 8],
    ["F32", 4],
  ] as const) {
    const { header, dataSize } = headerOf(sizes, dtype, [["k", "v"]]);
    expect(dataSize).toBe(bytes * (2 ** 28 + 2 ** 29 + 9));
    const { tensors } = parseHeader(header, dataSize);
    expect([...tensors.values()].map(({ begin, end }) => [begin, end])).toEqual([
      [0, 3 * bytes],
      [3 * bytes, (2 ** 28 + 3) * bytes],
      [(2 ** 28 + 3) * bytes, (2 ** 28 + 2 ** 29 + 4) * bytes],
      [(2 ** 28 + 2 ** 29 + 4) * bytes, (2 ** 28 + 2 ** 29 + 9) * bytes],
    ]);
  }
});

describe("writeSafetensors refuses", () => {
  const x = ones([2]);
  const rows: [string, unknown, unknown, RegExp][] = [
    [
      "a name twice",
      [
        ["a", x],
        ["a", x],
      ],
      {},
      /the name "a" is used twice in tensors/,
    ],
    ["__metadata__ as a tensor", [["__metadata__", x]], {}, /no tensor can have the name "__metadata__"/],
    ["half of a surrogate pair", [["a\ud800", x]], {}, /the name "a\\ud800" has half of a surrogate pair/],
    ["no tensor", [["a", [1, 2]]], {}, /under "a" must be a tensor, got \[1,2\]/],
    ["a number as a name", [[1, x]], {}, /tensors must be pairs that begin with a name/],
    ["an object", { a: x }, {}, /tensors must be pairs or a Map, got Object\. Give Object\.entries/],
    ["undefined", undefined, {}, /tensors must be pairs or a Map, got undefined$/],
    ["metadata that are numbers", [], { metadata: [["step", 1]] }, /metadata "step" must be a text .* got 1/],
    ["metadata that cannot be written", [], { metadata: [["k", "\udc00"]] }, /metadata "k" must be a text/],
    [
      "a key of metadata twice",
      [],
      {
        metadata: [
          ["k", "1"],
          ["k", "2"],
        ],
      },
      /"k" is used twice in metadata/,
    ],
    ["metadata as an object", [], { metadata: { k: "v" } }, /metadata must be pairs or a Map, got Object/],
    ["another dtype", [], { dtype: "F16" }, /dtype must be "F64" or "F32", got "F16"/],
    ["an unknown option", [], { type: "F32" }, /unknown option "type"; did you mean "dtype"/],
    [
      "too large for F32",
      [["a", tensor([1, 1e39])]],
      { dtype: "F32" },
      /tensor "a", element 1: 1e\+39 is too large/,
    ],
    ["just too large", [["a", tensor([-3.4028235677973366e38])]], { dtype: "F32" }, /would become infinite/],
    [
      "100 MB of names, in JSON",
      [["\u0001".repeat(1.7e7), x]],
      {},
      /names and metadata take 1020000\d\d bytes/,
    ],
  ];
  test.each(rows)("%s", (_, tensors, options, message) => {
    const call = (): unknown => writeSafetensors(tensors as [], options as object);
    const error = { name: "ArgumentError", message: expect.stringMatching(message) };
    expect(call).toThrow(expect.objectContaining(error));
  });
});

/** A Python with PyTorch and safetensors, see fixtures/safetensors/read.py. */
const python = process.env.SAFETENSORS_PYTHON;

test.skipIf(python === undefined)("PyTorch reads what is written here", () => {
  const folder = mkdtempSync(join(tmpdir(), "safetensors-"));
  try {
    const script = fileURLToPath(new URL("../fixtures/safetensors/read.py", import.meta.url));
    const tensors = [
      ["", tensor(extremes)],
      ['"λ" \n🦊', tensor([[1, 2, 3]])],
      ["scalar", tensor(0.1)],
      ["none", zeros([0, 2])],
    ] as const;
    for (const dtype of ["F64", "F32"] as const) {
      const given = dtype === "F64" ? tensors : tensors.slice(1);
      writeFileSync(join(folder, "x"), writeSafetensors(given, { dtype, metadata: [["k", "ä\n"]] }));
      const read = JSON.parse(execFileSync(python ?? "", [script, join(folder, "x")], { encoding: "utf8" }));
      expect(read.metadata).toEqual({ k: "ä\n" });
      const expected = given.map(([name, x]) => {
        const values = dtype === "F64" ? x.data.slice() : x.data.map(Math.fround);
        const type = dtype === "F64" ? "torch.float64" : "torch.float32";
        return [name, type, x.shape, Buffer.from(values.buffer).toString("hex")];
      });
      expect(read.tensors.sort()).toEqual(expected.sort());
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
