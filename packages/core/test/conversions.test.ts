import { inspect } from "node:util";
import { serialize } from "node:v8";
import { MessageChannel } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import {
  ArgumentError,
  backward,
  createRng,
  Parameter,
  restoreRng,
  type Tensor,
  tensor,
  variable,
  zeros,
} from "../src/index.ts";

describe("K10: JSON", () => {
  test("K10: JSON.stringify gives shape and numbers, from which tensor(data, shape) makes the tensor again", () => {
    expect(JSON.stringify(tensor([1, 2]))).toBe('{"shape":[2],"data":[1,2]}');
    expect(JSON.stringify({ loss: tensor(0.5), weights: [new Parameter([[1, -2.5]])] })).toBe(
      '{"loss":{"shape":[],"data":[0.5]},"weights":[{"shape":[1,2],"data":[1,-2.5]}]}',
    );
    const x = createRng("json").normal([2, 3]);
    const { data, shape } = JSON.parse(JSON.stringify(x.mul(1)));
    expect(tensor(data, shape).data).toEqual(x.data);
    expect(JSON.stringify(zeros([0, 2]))).toBe('{"shape":[0,2],"data":[]}');
  });

  test.each([
    [
      tensor([
        [1, 2],
        [Number.NaN, 4],
      ]),
      /^toJSON\(\[2,2\]\): JSON has no NaN at \[1,0\]; saveWeights/,
    ],
    [tensor([Number.POSITIVE_INFINITY]), /no Infinity at \[0\]/],
    [tensor(Number.NEGATIVE_INFINITY), /^toJSON\(\[\]\): JSON has no -Infinity; saveWeights/],
  ])("K10: NaN and infinities never become null: %s", (x, message) => {
    expect(() => JSON.stringify({ x })).toThrow(message);
    expect(() => JSON.stringify({ x })).toThrow(ArgumentError);
  });

  test("K10: a random stream gives its state, and gradients say what to write", () => {
    const rng = createRng("a");
    rng.next();
    expect(restoreRng(JSON.parse(JSON.stringify(rng))).next()).toBe(rng.next());
    const x = variable(tensor(3));
    expect(() => JSON.stringify(backward(x.square()))).toThrow(/toJSON: .* gradients\.of\(parameter\)/);
  });
});

test.each([
  ["a tensor", tensor([1, 2]), /tensor/],
  ["a result", variable(tensor(2)).square(), /could not be cloned/],
  ["a parameter in a net", { layers: [{ weight: new Parameter([1]) }] }, /saveWeights\(net\)/],
  ["a recorded result", new Parameter([1]).add(tensor([1])), /a tensor \(send its data/],
  ["gradients", backward(variable(tensor(2)).square()), /gradients\.of\(parameter\)\.data/],
  ["a random stream", createRng(1), /state\(\) to restoreRng/],
])(
  "K10: structuredClone and postMessage of %s do not lose the numbers without a word",
  (_, value, message) => {
    const { port1, port2 } = new MessageChannel();
    for (const send of [
      () => structuredClone(value),
      () => port1.postMessage(value),
      () => serialize(value),
    ]) {
      expect(send).toThrow(message);
      expect(send).toThrow(/could not be cloned/);
    }
    port1.close();
    port2.close();
  },
);

test("K10: a tensor as the operand of an operator is refused, with the methods to use", () => {
  const x = tensor([1, 2]) as unknown as number;
  const uses: readonly (() => unknown)[] = [
    () => x + 1,
    () => 1 + x,
    () => x * 2,
    () => -x,
    () => +x,
    () => x < 1,
    // biome-ignore lint/suspicious/noDoubleEquals: what is tested
    () => x == 1,
    () => "loss: ".concat("") + x,
    () => Math.max(x, 1),
    () => Number(x),
    () => x ** 2,
  ];
  for (const use of uses) {
    expect(use, String(use)).toThrow(/^a tensor is no operand .*x\.add\(y\).*x\.mul\(y\).*x\.item\(\)/);
    expect(use).toThrow(ArgumentError);
  }
});

test.each<[string, (x: ArrayLike<number>) => unknown]>([
  ["Array.from", (x) => Array.from(x)],
  ["Float64Array.from", (x) => Float64Array.from(x)],
  ["new Float64Array", (x) => new Float64Array(x)],
  ["Math.max.apply", (x) => Math.max.apply(null, x as never)],
  ["a loop to x.length", (x) => x.length],
])("K10: %s does not take a tensor for an empty list", (_, use) => {
  expect(() => use(tensor([1, 2]) as never)).toThrow("a tensor is no list: use x.data, x.size or x.shape[0]");
  expect(() => [...(tensor([1, 2]) as never as number[])]).toThrow("not iterable");
});

test("K10: as text, tensors are printed as before", () => {
  const x = tensor([1, 2]);
  expect([`${x}`, String(x), [x, x].join(), x.toString(), "".concat(String(x))]).toEqual([
    "[1, 2]",
    "[1, 2]",
    "[1, 2],[1, 2]",
    "[1, 2]",
    "[1, 2]",
  ]);
  expect(inspect(x)).toBe("tensor([1, 2], shape=[2])");
  expect(x == null).toBe(false);
});

test("x[0] is refused, read and written: it is no element", () => {
  const x = tensor([1, 2]) as Tensor & { 0: number };
  expect(() => x[0]).toThrow(ArgumentError);
  expect(() => {
    for (let i = 0; i < x.size; i++) Object.assign(x, { [i]: 5 });
  }).toThrow("a tensor has no x[0]: x.slice(…) is a part");
  expect(x.toArray()).toEqual([1, 2]);
  expect(Object.keys(x)).not.toContain("0");
});
