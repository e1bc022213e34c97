import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { ArgumentError, type InputOf, type PerInput, type Tensor, tensor } from "../src/index.ts";
import { guarded, isNamed, isNamedInputs, refuseUnread } from "../src/internal.ts";

const image = tensor([1]);
const table = tensor([2]);

describe("several inputs: named inputs", () => {
  test("several inputs: plain objects of tensors are, arrays, tensors, instances and empty objects are not", () => {
    expect(isNamedInputs({ image, table })).toBe(true);
    expect(isNamedInputs(Object.assign(Object.create(null), { image }))).toBe(true);
    expect(isNamedInputs(guarded({ image }))).toBe(true);
    class Own {
      readonly image = image;
    }
    for (const other of [
      image,
      [image],
      new Map([["image", image]]),
      new Own(),
      {},
      { image: [1] },
      null,
      3,
    ]) {
      expect(isNamedInputs(other)).toBe(false);
    }
    expect(isNamed(runInNewContext("({ a: 1 })"))).toBe(true); // of another window
  });

  test("several inputs: reading one that is not there is an error, with the name that is meant", () => {
    const inputs = guarded({ image, table });
    expect(inputs.image).toBe(image);
    expect(() => inputs.imgae).toThrow(
      new ArgumentError(
        'the net was given the inputs "image", "table" by name, and reads "imgae"; is "image" meant?',
      ),
    );
    expect(() => [...(inputs as never as Tensor[])]).toThrow(
      /which is no list: forward\(\{ image, table \}, mode\)/,
    );
    expect(["image" in inputs, "mask" in inputs]).toEqual([true, false]);
    expect([String(inputs), Object.keys(inputs), { ...inputs }]).toEqual([
      "[object Object]",
      ["image", "table"],
      { image, table },
    ]);
    expect(() => JSON.stringify(inputs)).not.toThrow();
  });

  test("several inputs: the copy cannot change what was given", () => {
    const given = { image, table };
    (guarded(given) as { image: Tensor }).image = table;
    expect(given.image).toBe(image);
  });

  test("several inputs: notes what is read, by name, in a pattern, or all at once", () => {
    const read = (use: (inputs: Readonly<Record<string, Tensor>>) => unknown): string[] => {
      const names = new Set<string>();
      use(guarded({ image, table }, names));
      return [...names];
    };
    expect(read((x) => x.table)).toEqual(["table"]);
    expect(read(({ image: i, table: t }) => [i, t])).toEqual(["image", "table"]);
    expect(read(({ ...all }) => all)).toEqual(["image", "table"]);
    expect(read((x) => Object.values(x))).toEqual(["image", "table"]);
    expect(read((x) => isNamedInputs(x))).toEqual([]);
    expect(() => refuseUnread(["image", "table"], new Set(["table"]), "predict: ")).toThrow(
      'predict: the net\'s forward does not read the input "image". Leave it out, or read it in forward: forward({ image, table }, mode)',
    );
    expect(() => refuseUnread(["image"], new Set(["image"]))).not.toThrow();
  });

  test("several inputs: the types are a tensor for one, and an object for names", () => {
    const one: InputOf<never> = image;
    const two: InputOf<"image" | "table"> = { image, table };
    // @ts-expect-error: an input is missing
    const missing: InputOf<"image" | "table"> = { image };
    const any: PerInput<string, number>[] = [1, { a: 1 }];
    expect([one, two, missing, any]).toHaveLength(4);
  });
});
