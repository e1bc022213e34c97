import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createRng, FormatError } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { inputOf } from "./job.ts";
import { judge } from "./judge.ts";
import { mutate, mutations } from "./mutate.ts";
import { readers } from "./readers.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

describe("a broken file", () => {
  test("depends on seed, reader and number alone", () => {
    for (const reader of readers) {
      expect(inputOf(reader, 7, 123)).toEqual(inputOf(reader, 7, 123));
      const several = Array.from({ length: 20 }, (_, i) => text(inputOf(reader, 7, 100 + i)));
      expect(new Set(several).size).toBeGreaterThan(10);
      expect(several).not.toEqual(Array.from({ length: 20 }, (_, i) => text(inputOf(reader, 8, 100 + i))));
    }
  });

  test("is made without a change of the good one", () => {
    const good = bytes('{"shape":[2,3],"x":-1.5e3}, and some more');
    const copy = good.slice();
    for (const [name, mutation] of Object.entries(mutations)) {
      const found = new Set<string>();
      for (let i = 0; i < 30; i++) found.add(text(mutation(good, createRng(`${name}/${i}`), [good])));
      expect(good, name).toEqual(copy);
      expect(found.size, name).toBeGreaterThan(5);
    }
  });

  test("may have another number, in text and in binary", () => {
    const swapped = Array.from({ length: 40 }, (_, i) =>
      text(mutations.swapText(bytes("a 12 b"), createRng(i), [])),
    );
    expect(new Set(swapped)).toEqual(
      new Set(["a 0 b", "a -1 b", "a 2147483648 b", "a 9007199254740992 b", "a 1e999 b"]),
    );
    const binary = Array.from({ length: 200 }, (_, i) =>
      Buffer.from(mutations.swapBinary(new Uint8Array(8).fill(7), createRng(i), [])).toString("hex"),
    );
    // −1 in 32 bits, 2^53 in 64 bits, little-endian, and 2^31, big-endian.
    for (const field of ["ffffffff07070707", "0000000000002000", "8000000007070707"]) {
      expect(binary).toContain(field);
    }
  });

  test("may be empty, and is then not changed", () => {
    for (let i = 0; i < 50; i++) expect(mutate([new Uint8Array(0)], createRng(i)).length).toBe(0);
  });
});

describe("a reader", () => {
  const file = new Uint8Array(100);

  test("may give a value or throw an error of gradus", async () => {
    expect(await judge(() => 1, file)).toMatchObject({ accepted: true, fault: undefined });
    const refuse = async (): Promise<void> => {
      throw new FormatError("not this one");
    };
    expect(await judge(refuse, file)).toMatchObject({ accepted: false, fault: undefined });
  });

  test("may not throw any other error, also not asynchronously", async () => {
    const crash = (): void => {
      throw new RangeError("Invalid typed array length");
    };
    expect((await judge(crash, file)).fault).toContain("RangeError: Invalid typed array length");
    expect((await judge(async () => crash(), file)).fault).toContain("RangeError");
    expect((await judge(() => Promise.reject("a text"), file)).fault).toBe("threw a text");
  });

  test("may not allocate the sizes that a file claims", async () => {
    // Collect the garbage of other tests first: a collection during the measurement would hide allocations.
    setFlagsFromString("--expose-gc");
    const gc = runInNewContext("gc") as () => void;
    const kept: unknown[] = [];
    const greedy = (): void => void kept.push(new Uint8Array(300_000));
    gc();
    expect((await judge(greedy, file)).fault).toMatch(/took 30\d+ bytes of arrays, more than 262344, twice/);
    const objects = (): void => void kept.push(new Array(2_000_000).fill(0));
    gc();
    expect((await judge(objects, file)).fault).toMatch(/bytes of objects/);
  });

  test("may not change Object.prototype", async () => {
    const pollute = (): void => {
      Reflect.set(Object.prototype, "polluted", 1);
    };
    try {
      expect((await judge(pollute, file)).fault).toBe('every object now has a property "polluted"');
    } finally {
      Reflect.deleteProperty(Object.prototype, "polluted");
    }
  });

  test("of the table takes its first good file", async () => {
    for (const { read, seeds } of readers) await read(seeds[0]);
  });
});
