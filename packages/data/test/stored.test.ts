import { runInNewContext } from "node:vm";
import { ArgumentError, createRng } from "@gradus/core";
import { describe, expect, test } from "vitest";
import { Dataset } from "../src/dataset.ts";
import { scale } from "../src/transforms.ts";

describe("U2: a part shows the samples that it holds", () => {
  const numbers = Float32Array.from({ length: 30 }, (_, i) => i + 0.5);
  const whole = (): Dataset =>
    new Dataset({
      inputs: Float64Array.from({ length: 60 }, (_, i) => i),
      inputShape: [2],
      targets: numbers,
    });
  const parts: readonly [string, (dataset: Dataset) => Dataset][] = [
    ["the whole", (d) => d],
    ["take", (d) => d.take(7)],
    ["slice", (d) => d.slice(3, 9)],
    ["split", (d) => d.split(0.7, createRng(1))[1]],
    ["a split of a split", (d) => d.split(0.7, createRng(1))[0].split(0.5, createRng(2))[1]],
    ["splitInOrder", (d) => d.splitInOrder(0.6)[1]],
    ["shuffle", (d) => d.shuffle(createRng(3))],
    ["select", (d) => d.select([4, 4, 0])],
    ["select of a shuffled split", (d) => d.split(0.5, createRng(1))[0].shuffle(createRng(2)).select([3, 1])],
    ["a slice of a shuffle", (d) => d.shuffle(createRng(3)).slice(5, 8)],
    ["with", (d) => d.shuffle(createRng(3)).with({ transform: scale(1) })],
    ["nothing", (d) => d.shuffle(createRng(3)).take(0)],
    [
      "the option rows",
      ({ inputs, targets }) => new Dataset({ inputs, inputShape: [2], targets, rows: [9, 2] }),
    ],
  ];
  test.each(parts)("%s", (_, make) => {
    const part = make(whole());
    const { inputs, targets } = part.all();
    expect([part.inputs.length, part.targets.length]).toEqual([2 * part.size, part.size]);
    expect([...part.inputs]).toEqual([...inputs.data]);
    expect([...part.targets]).toEqual([...targets.data]);
    // Sample i is [2i, 2i + 1] and its target i + 1/2.
    for (let i = 0; i < part.size; i++) {
      expect([part.inputs[2 * i], part.inputs[2 * i + 1]]).toEqual([
        2 * part.targets[i] - 1,
        2 * part.targets[i],
      ]);
    }
    expect(part.targets).toBeInstanceOf(Float32Array);
  });

  test("iris 120/30: the targets of the test part are its 30 classes", () => {
    const classes = Uint8Array.from({ length: 150 }, (_, i) => Math.floor(i / 50));
    const iris = new Dataset({ inputs: classes, inputShape: [], targets: classes, classes: 3 });
    const [, held] = iris.split(0.8, createRng("iris"));
    expect(held.targets.length).toBe(30);
    expect(Array.from(held.targets)).toEqual(held.all().targets.toArray());
  });

  test("inputs and targets of a part are made once, in their own type, and share nothing with the whole", () => {
    const dataset = whole();
    const part = dataset.select([1, 2]);
    expect(part.targets).toBe(part.targets);
    expect(part.targets.buffer).not.toBe(dataset.targets.buffer);
    expect(dataset.targets).toBe(numbers);
  });

  test("select refuses indices that are not there", () => {
    expect(() => whole().select([0, 30])).toThrow(
      "dataset.select: 30 at [1] is not the index of a sample: there are 30",
    );
    expect(() => whole().select("01" as never)).toThrow(ArgumentError);
    expect(() => whole().shuffle(undefined as never)).toThrow("rng must be a random stream");
    expect(() => whole().splitInOrder(1)).toThrow("fraction must be in (0, 1), got 1");
  });

  test("samples that overlap in time are split in order only", () => {
    const { inputs, targets } = whole();
    const series = new Dataset({ inputs, inputShape: [2], targets, ordered: true });
    const refused = [
      () => series.split(0.5, createRng(1)),
      () => series.shuffle(createRng(1)),
      () => series.take(5).split(0.5, createRng(1)),
    ];
    for (const run of refused) expect(run).toThrow(/overlap in time.*Use dataset\.splitInOrder\(fraction\)/);
    expect(series.splitInOrder(0.8).map(({ size, ordered }) => [size, ordered])).toEqual([
      [24, true],
      [6, true],
    ]);
  });

  test("a targetTransform changes the targets of batches, not the stored ones", () => {
    const dataset = whole().with({ targetTransform: scale(2) });
    expect(dataset.batch([1]).targets.toArray()).toEqual([3]);
    expect(dataset.targets[1]).toBe(1.5);
    expect(dataset.with({ transform: scale(3) }).targetTransform).toBe(dataset.targetTransform);
    expect(dataset.with({ targetTransform: undefined }).batch([1]).targets.toArray()).toEqual([1.5]);
  });
});

describe("K15: arrays of other realms", () => {
  const foreign = <T>(code: string): T => runInNewContext(code);

  test.each(["Float64Array", "Float32Array"])("a %s with NaN is refused", (type) => {
    const inputs = foreign<Float64Array>(`new ${type}([1, NaN])`);
    expect(() => new Dataset({ inputs, inputShape: [1], targets: [0, 1] })).toThrow(
      "inputs: sample 1 is NaN",
    );
    expect(() => new Dataset({ inputs: [0, 1], targets: inputs })).toThrow("targets: sample 1 is NaN");
  });

  test("are taken as data, rows, indices and room", () => {
    const inputs = foreign<Float64Array>("new Float64Array([1, 2, 3])");
    const rows = foreign<Uint32Array>("new Uint32Array([2, 0])");
    const dataset = new Dataset({ inputs, inputShape: [], targets: foreign<number[]>("[1, 2, 3]"), rows });
    expect([...dataset.inputs]).toEqual([3, 1]);
    expect(dataset.batch(rows.subarray(1)).targets.toArray()).toEqual([3]);
    expect([...dataset.select(foreign<number[]>("[1]")).targets]).toEqual([1]);
    const room = foreign<Float64Array>("new Float64Array(1)");
    dataset.read([0], room, new Float64Array(1));
    expect(room[0]).toBe(3);
    expect(() => dataset.read([0], [0] as never, room)).toThrow("writes into Float64Arrays, got [0]");
  });
});

describe("R15: data whose buffer is gone", () => {
  test("are refused, never read as zeros", () => {
    const buffer = new ArrayBuffer(16);
    const targets = new Float64Array(buffer);
    const dataset = new Dataset({ inputs: [1, 2], targets });
    structuredClone(buffer, { transfer: [buffer] });
    for (const run of [
      () => dataset.batch([0]),
      () => dataset.targets,
      () => dataset.select([1]).all(),
      () => dataset.take(1),
    ]) {
      expect(run).toThrow(
        "targets: the array had 2 numbers and now has 0: its buffer was transferred (postMessage)",
      );
    }
  });
});
