import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  add,
  arange,
  broadcastTo,
  createRng,
  eye,
  full,
  indexSelect,
  linspace,
  matmul,
  mul,
  oneHot,
  ones,
  outer,
  Parameter,
  pad,
  reshape,
  ShapeError,
  stack,
  sum,
  type Tensor,
  tensor,
  unsqueeze,
  where,
  zeros,
} from "../src/index.ts";

const [tall, flat] = [zeros([1e6, 1]), zeros([1, 1e6])];
const rng = createRng(0);

describe("R12: a tensor that is too large is refused with who, shape and bytes", () => {
  test.each<[() => unknown, RegExp]>([
    [() => zeros([2 ** 33 + 1]), /^zeros: shape \[8589934593\] takes 68719476744 bytes/],
    [() => ones([1e5, 1e5]), /^ones: shape \[100000,100000\] takes 80000000000 bytes/],
    [() => full([1e5, 1e6], 2), /^full: shape/],
    [() => eye(1e6), /^eye: shape \[1000000,1000000\]/],
    [() => arange(1e12), /^arange: shape \[1000000000000\] takes 8000000000000 bytes/],
    [() => linspace(0, 1, 1e12), /^linspace: shape \[1000000000000\]/],
    [() => rng.uniform([1e6, 1e6]), /^rng\.uniform: shape/],
    [() => rng.normal([1e6, 1e6]), /^rng\.normal: shape \[1000000,1000000\] takes 8000000000000 bytes/],
    [() => oneHot(zeros([1e6]), { classes: 1e6 }), /^oneHot\(\[1000000\]\): shape \[1000000,1000000\] takes/],
    [
      () => broadcastTo(tall, { shape: [1e6, 1e6] }),
      /^broadcastTo\(\[1000000,1\]\): shape \[1000000,1000000\]/,
    ],
    [() => mul(tall, flat), /^mul\(\[1000000,1\], \[1,1000000\]\): shape \[1000000,1000000\]/],
    [() => matmul(tall, flat), /^matmul\(\[1000000,1\], \[1,1000000\]\): shape/],
    [() => outer(tall.flatten(), flat.flatten()), /^outer\(\[1000000\], \[1000000\]\): shape/],
    [() => pad(tensor([1]), { widths: [[1e12, 0]] }), /^pad\(\[1\]\): shape \[1000000000001\]/],
    [() => zeros([1e8, 1e9]), /^zeros: shape \[100000000,1000000000\] has more than 2\^53 elements/],
    [() => broadcastTo(tall, { shape: [2 ** 40, 2 ** 40, 1e6, 1] }), /^broadcastTo.*takes .* bytes/],
  ])("R12: %s", (make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(ShapeError);
  });
});

describe("R12: more axes than 64 are refused", () => {
  const deep = (depth: number): never => Array.from({ length: depth }).reduce((inner) => [inner], 1) as never;
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  test.each<[string, () => unknown, RegExp]>([
    ["nested 100,000 deep", () => tensor(deep(100_000)), /^tensor: a tensor has at most 64 axes$/],
    ["a list that contains itself", () => tensor(cyclic as never), /^tensor: a tensor has at most 64 axes$/],
    ["a list with a list that contains itself", () => tensor([1, cyclic] as never), /^tensor: ragged array/],
    ["a parameter of it", () => new Parameter(cyclic as never), /^tensor: a tensor has at most/],
    ["a shape of 1e5 axes", () => zeros(Array(1e5).fill(1)), /^zeros: a tensor has at most 64 axes$/],
    [
      "reshape",
      () => reshape(tensor(1), { shape: Array(1e5).fill(1) }),
      /^reshape\(\[\]\): a tensor has at most 64 axes$/,
    ],
    [
      "broadcastTo",
      () => broadcastTo(tensor(1), { shape: Array(1e5).fill(1) }),
      /^broadcastTo\(\[\]\): a tensor has at most 64 axes$/,
    ],
    [
      "unsqueeze",
      () => unsqueeze(zeros(Array(64).fill(1)), { axis: 0 }),
      /^unsqueeze\(.*: a tensor has at most 64 axes$/,
    ],
    ["stack", () => stack([zeros(Array(64).fill(1))]), /^stack\(.*: a tensor has at most 64 axes$/],
    [
      "indexSelect",
      () => indexSelect(zeros(Array(40).fill(1)), zeros(Array(40).fill(1)), { axis: 0 }),
      /at most 64 axes$/,
    ],
  ])("R12: %s", (_, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(ShapeError);
  });

  test("R12: 64 axes are allowed", () => {
    expect(tensor(deep(64)).rank).toBe(64);
    expect(sum(zeros(Array(64).fill(1))).item()).toBe(0);
  });

  test("R12: an empty batch as long as the memory does not take memory", () => {
    expect(matmul(zeros([2 ** 40, 0, 2]), zeros([2, 3])).shape).toEqual([2 ** 40, 0, 3]);
  });
});

describe("R15: a tensor whose buffer was transferred has no numbers left, and says so", () => {
  const gone = (): Tensor => {
    const x = tensor([[1, 2], [3, 4]]); // biome-ignore format: one line
    structuredClone(x.data.buffer, { transfer: [x.data.buffer as ArrayBuffer] });
    return x;
  };
  test.each([
    ["add", (x: Tensor) => add(x, 1), /^add\(\[2,2\], \[\]\): the numbers of a tensor are gone/],
    [
      "matmul",
      (x: Tensor) => matmul(x, x),
      /^matmul\(\[2,2\], \[2,2\]\): the numbers .* transfer x\.data\.slice\(\)\.buffer$/,
    ],
    ["where", (x: Tensor) => where(x, 1, 0), /are gone/],
    ["toArray", (x: Tensor) => x.toArray(), /are gone/],
    ["assign", (x: Tensor) => x.assign([1, 2, 3, 4]), /are gone/],
    ["detach", (x: Tensor) => x.detach().data, /are gone/],
    ["the text", (x: Tensor) => String(x), /are gone/],
  ])("%s", (_, use, message) => {
    expect(() => use(gone())).toThrow(message);
    expect(() => use(gone())).toThrow(ArgumentError);
  });
});
