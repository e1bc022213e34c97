import { ArgumentError, FormatError, tensor } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { readSafetensors } from "../../src/safetensors/read.ts";
import { writeSafetensors } from "../../src/safetensors/write.ts";
import { entry, file } from "./files.ts";

describe("a file", () => {
  const data = Uint8Array.of(0, 0, 128, 63, 0, 0, 0, 192, 7);
  const bytes = file(
    `{${entry("b", "U8", "[]", "[8,9]")}, "__metadata__" : {"by":"hand"},\n\t${entry("a", "F32", "[1,2]", "[0,8]")}}   `,
    data,
  );

  test("gives names in the order of the header, metadata, dtypes, shapes and numbers", () => {
    const read = readSafetensors(bytes);
    expect(read.names).toEqual(["b", "a"]);
    expect([...read.metadata]).toEqual([["by", "hand"]]);
    expect(read.info("a")).toEqual({ dtype: "F32", shape: [1, 2] });
    expect(read.info("b")).toEqual({ dtype: "U8", shape: [] });
    expect(read.tensor("a").shape).toEqual([1, 2]);
    expect(read.tensor("a").data).toEqual(Float64Array.of(1, -2));
    expect(read.tensor("b").item()).toBe(7);
  });

  test("may be an ArrayBuffer, a Buffer, or a part of a larger one at an odd offset", () => {
    const around = new Uint8Array(bytes.length + 7);
    around.set(bytes, 3);
    for (const given of [bytes.slice().buffer, Buffer.from(bytes), around.subarray(3, 3 + bytes.length)]) {
      expect(readSafetensors(given).tensor("a").data).toEqual(Float64Array.of(1, -2));
    }
  });

  test("may have no tensors, and no metadata", () => {
    const read = readSafetensors(file("{}"));
    expect(read.names).toEqual([]);
    expect(read.metadata.size).toBe(0);
    expect(() => read.tensor("a")).toThrow(/no tensor "a" in the file; there are none/);
  });

  test("gives a new tensor each time: changing it changes neither the file nor other tensors", () => {
    const given = bytes.slice();
    const read = readSafetensors(given);
    read.tensor("a").assign([5, 6]);
    expect(read.tensor("a").data).toEqual(Float64Array.of(1, -2));
    expect(given).toEqual(bytes);
    expect(() => (read.info("a").shape as number[]).push(1)).toThrow(TypeError);
  });

  test("refuses unknown names, and lists the known ones", () => {
    const read = readSafetensors(bytes);
    for (const name of ["c", "", "__proto__", "toString", "__metadata__"]) {
      expect(() => read.tensor(name)).toThrow(ArgumentError);
      expect(() => read.info(name)).toThrow(`no tensor "${name}" in the file; there are ["b","a"]`);
    }
  });

  test("refuses values that are no bytes", () => {
    for (const wrong of [
      undefined,
      null,
      "{}",
      [1, 2],
      new Float64Array(2),
      new DataView(new ArrayBuffer(8)),
      {},
    ]) {
      expect(() => readSafetensors(wrong as Uint8Array)).toThrow(ArgumentError);
    }
    expect(() => readSafetensors("{}" as never)).toThrow(/as a Uint8Array or ArrayBuffer, got "\{\}"/);
  });
});

describe("unusual but valid:", () => {
  test("a header whose length is no multiple of 8: the numbers are not aligned", () => {
    for (let spaces = 0; spaces < 8; spaces++) {
      const header = `{${entry("x", "F64", "[2]", "[0,16]")}}${" ".repeat(spaces)}`;
      const data = new Uint8Array(Float64Array.of(0.1, -0).buffer);
      expect(readSafetensors(file(header, data)).tensor("x").data).toEqual(Float64Array.of(0.1, -0));
    }
  });

  test("tensors of size 0, several at one place, between others and at the end", () => {
    const header = [
      entry("end", "F32", "[0,7]", "[8,8]"),
      entry("second", "F32", "[1]", "[4,8]"),
      entry("between", "I64", "[0]", "[4,4]"),
      entry("too", "BOOL", "[2,0]", "[4,4]"),
      entry("first", "F32", "[1]", "[0,4]"),
    ];
    const read = readSafetensors(file(`{${header}}`, 8));
    expect(read.names).toEqual(["end", "second", "between", "too", "first"]);
    expect(read.tensor("end").shape).toEqual([0, 7]);
    expect(read.tensor("too").size).toBe(0);
  });

  test("any text can be a name", () => {
    const names = [
      "__proto__",
      "constructor",
      "toString",
      "",
      "a.b",
      "0",
      "\uFEFFa",
      "a",
      'q"\\/\b\f\n\r\t\u0000',
      "🦊",
    ];
    const read = readSafetensors(writeSafetensors(names.map((name, i) => [name, tensor([i])])));
    expect(read.names).toEqual(names);
    names.forEach((name, i) => {
      expect(read.tensor(name).toArray()).toEqual([i]);
    });
    const escaped = file(`{${entry("\\u0061\\ud83e\\udd8a\\/", "F32", "[0]", "[0,0]")}}`);
    expect(readSafetensors(escaped).names).toEqual(["a🦊/"]);
  });

  test("metadata under names that mean something in JavaScript pollute nothing", () => {
    const text = '{"__metadata__":{"__proto__":"polluted","constructor":"c","":"e"}}';
    expect([...readSafetensors(file(text)).metadata]).toEqual([
      ["__proto__", "polluted"],
      ["constructor", "c"],
      ["", "e"],
    ]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});

test("R15: the bytes of a buffer that was transferred are refused as a file cut short", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const { buffer } = bytes;
  structuredClone(bytes, { transfer: [buffer] });
  for (const given of [bytes, buffer]) {
    expect(() => readSafetensors(given)).toThrow(FormatError);
    expect(() => readSafetensors(given)).toThrow("safetensors: file cut short: it has 0 bytes");
  }
});
