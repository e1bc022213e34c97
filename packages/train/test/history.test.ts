import { ArgumentError, createRng, crossEntropy, FormatError, tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, namedParameters } from "@gradus/nn";
import { SGD } from "@gradus/optim";
import { describe, expect, test } from "vitest";
import { type EpochLog, fit, History } from "../src/index.ts";

const DIGEST = "0123456789abcdef".repeat(4);

const log = (epoch: number, values: object): EpochLog => ({
  epoch,
  loss: 1,
  learningRate: 0.1,
  seconds: 2,
  ...values,
});

describe("History", () => {
  test("keeps epochs in order; last is the last of them", () => {
    const history = new History();
    expect(history.epochs).toEqual([]);
    expect(history.last).toBeUndefined();
    history.add(log(3, {}));
    history.add(log(5, { loss: 2 }));
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([3, 5]);
    expect(history.last?.loss).toBe(2);
  });

  test("refuses epochs that are not numbered upwards", () => {
    const history = new History({ epochs: [log(2, {})] });
    for (const epoch of [2, 1, 0, 2.5, Number.NaN, undefined]) {
      expect(() => history.add(log(epoch as never, {}))).toThrow(
        `History: an epoch after 2 cannot have the number ${epoch}`,
      );
    }
    expect(() => history.add(null as never)).toThrow(ArgumentError);
    expect(history.epochs.length).toBe(1);
    for (const data of [null, {}, [], { epochs: 3 }])
      expect(() => new History(data as never)).toThrow(ArgumentError);
  });

  test("can be made of another history or its data, and refuses anything else", () => {
    const history = new History({ epochs: [log(1, {})], hashes: [DIGEST], stopped: "enough" });
    expect(new History(history).toJSON()).toEqual(history.toJSON());
    for (const [data, message] of [
      [
        { epochs: [], reason: "enough" },
        'History: unknown option "reason"; it takes { epochs, hashes, tables, stopped }',
      ],
      [{ epochs: {} }, "History: epochs must be a list, got"],
      [
        { epochs: [], hashes: [1] },
        "History: hashes must be a list of digests, each of 64 hexadecimal digits, got [1]",
      ],
      [{ epochs: [], stopped: true }, "History: stopped must be a string, got true"],
    ] as const) {
      expect(() => new History(data as never)).toThrow(message);
    }
  });

  test("restores a state, and refuses anything else without a change", () => {
    const history = new History({ epochs: [log(1, {})] });
    const before = history.toJSON();
    const none = new Float64Array(0);
    const [names, values] = [["epoch"], tensor([[2], [1]])];
    for (const [state, message] of [
      [null, "checkpoint: not a history: epochs must be a list, got undefined"],
      [{ epochs: [log(2, {})], hashes: none }, "epochs must have names and a matrix of values"],
      [{ epochs: [3], hashes: none }, "epochs must have names and a matrix of values"],
      [{ epochs: [{ names: ["epoch", "loss"], values }], hashes: none }, "names and a matrix of values"],
      [{ epochs: [{ names, values }], hashes: none }, "an epoch after 2 cannot have the number 1"],
      [{ epochs: [], hashes: "ab" }, "hashes must be 8 numbers of 32 bits each"],
      [{ epochs: [], hashes: new Float64Array(9) }, "hashes must be 8 numbers of 32 bits each"],
      [{ epochs: [], hashes: new Float64Array(8).fill(0.5) }, "hashes must be 8 numbers of 32 bits each"],
      [{ epochs: [], hashes: none, stopped: 3 }, "stopped must be a string, got 3"],
    ] as const) {
      expect(() => history.restore(state)).toThrow(FormatError);
      expect(() => history.restore(state)).toThrow(message);
    }
    expect(history.toJSON()).toEqual(before);
    const data = {
      epochs: [log(4, {}), log(5, { accuracy: 1, loss: -0 })],
      hashes: [DIGEST],
      stopped: "late",
    };
    history.restore(new History(data).state());
    expect(history.toJSON()).toEqual(data);
  });

  test("R3: refuses to save a value that is no number, as JSON makes of NaN", () => {
    const history = new History({ epochs: [log(1, { loss: null })] });
    expect(() => history.state()).toThrow(ArgumentError);
    expect(() => history.state()).toThrow('"loss" of epoch 1 of the history is null, not a number');
  });

  test("can be written as JSON and read back", () => {
    const history = new History({
      epochs: [log(1, { valLoss: 3 }), log(2, { valLoss: 1 })],
      stopped: "enough",
    });
    const copy = new History(JSON.parse(JSON.stringify(history)));
    expect(copy.epochs).toEqual(history.epochs);
    expect(copy.stopped).toBe("enough");
    expect(JSON.stringify(copy)).toBe(JSON.stringify(history));
    expect(JSON.stringify(new History())).toBe('{"epochs":[]}');
    const diverged = new History({ epochs: [log(1, {}), log(2, { loss: Number.NaN })] }); // NaN becomes null
    expect(new History(JSON.parse(JSON.stringify(diverged))).best("loss").epoch).toBe(1);
    expect(new History({ epochs: history.epochs }).stopped).toBeUndefined();
  });

  test("gives a copy as plain data", () => {
    const history = new History({ epochs: [log(1, {})] });
    const data = history.toJSON();
    history.add(log(2, {}));
    expect(data.epochs.length).toBe(1);
  });

  test("finds the best epoch: the first with the least loss or the greatest accuracy", () => {
    const history = new History({
      epochs: [
        log(1, { loss: 3, accuracy: 0.5, f1: 2 }),
        log(2, { loss: 1, accuracy: 0.9, f1: 1 }),
        log(3, { loss: 1, accuracy: 0.9, f1: 3 }),
      ],
    });
    expect(history.best().epoch).toBe(2);
    expect(history.best("accuracy").epoch).toBe(2);
    expect(history.best("f1", "max").epoch).toBe(3);
    expect(history.best("f1", "min").epoch).toBe(2);
    expect(history.best("loss", "max").epoch).toBe(1);
    expect(() => history.best("score")).toThrow(
      'history.best: the name "score" does not tell whether more or less is better',
    );
  });

  test("uses valLoss by default if there is one, and ignores NaN", () => {
    const epochs = [log(1, { valLoss: Number.NaN }), log(2, { valLoss: 4, loss: 3 }), log(3, { valLoss: 5 })];
    expect(new History({ epochs }).best().epoch).toBe(2);
  });

  test("lists the logged values if no epoch has the one asked for", () => {
    expect(() => new History().best()).toThrow('no epoch has a number "loss"; no epoch was finished');
    const history = new History({ epochs: [log(1, { loss: Number.NaN })] });
    expect(() => history.best("valLoss")).toThrow('"valLoss"; logged are epoch, loss, learningRate, seconds');
    expect(() => history.best()).toThrow(ArgumentError);
  });
});

test("fit keeps a hash of the net after each epoch when asked, and the history stores them", async () => {
  const train = async (seed: number, hash: boolean): Promise<History> => {
    const rng = createRng(seed);
    const net = new Dense(2, 2, { rng: rng.split("weights") });
    const data = new Dataset({
      inputs: [
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      targets: [0, 1, 1],
      classes: 2,
    });
    const optimizer = new SGD(namedParameters(net), { learningRate: 0.1 });
    return fit(net, data, { optimizer, loss: crossEntropy, epochs: 2, batchSize: 2, rng, hash });
  };
  const [first, again, other, without] = [
    await train(1, true),
    await train(1, true),
    await train(2, true),
    await train(1, false),
  ];
  expect(first.hashes).toHaveLength(2);
  expect(first.hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(again.hashes).toEqual(first.hashes);
  expect(other.hashes[1]).not.toBe(first.hashes[1]);
  expect(first.hashes[0]).not.toBe(first.hashes[1]);
  expect(without.hashes).toEqual([]);
  expect(new History(JSON.parse(JSON.stringify(first))).hashes).toEqual(first.hashes);
});

describe("K10: copies of a history", () => {
  const history = new History({
    epochs: [log(1, { loss: 2 }), log(2, { loss: 1 })],
    hashes: [DIGEST, DIGEST],
    tables: [{ confusion: [[1]] }, { confusion: [[2]] }],
    stopped: "enough",
  });

  test("K10: {...history} and Object.assign have all numbers, also in JSON, and make a history again", () => {
    for (const copy of [{ ...history }, Object.assign({}, history)]) {
      expect([copy.epochs, copy.hashes, copy.tables, copy.stopped, copy.last]).toEqual([
        history.epochs,
        history.hashes,
        history.tables,
        "enough",
        history.last,
      ]);
      expect(JSON.parse(JSON.stringify(copy))).toMatchObject(history.toJSON());
      expect(new History(copy).toJSON()).toEqual(history.toJSON());
      expect(new History(copy).best("loss").epoch).toBe(2);
    }
  });

  test("K10: structuredClone is refused with the way out, also of a history without epochs", () => {
    for (const one of [history, new History()]) {
      expect(() => structuredClone(one)).toThrow(/a history \(send its toJSON\(\) to new History\)/);
      expect(() => structuredClone({ ...one })).toThrow(/a history \(send its toJSON/);
    }
    expect(structuredClone(history.toJSON())).toEqual(history.toJSON());
  });

  test("K10: what is set on a history is not lost either", () => {
    expect(() => Object.assign(new History(), { epochs: [] })).toThrow(TypeError);
  });
});

test.each(["length", "history"])("K13: history.%s, as in other frameworks, is no undefined", (name) => {
  const history = new History() as unknown as Record<string, unknown>;
  expect(() => history[name]).toThrow(`a history has no ${name}: history.epochs has an entry for each epoch`);
});

test.each([Symbol("s"), Object.create(null), 1])(
  "K13: history.best of a name that is no text says so: %#",
  (name) => {
    expect(() => new History().best(name as string)).toThrow(/^history\.best: the name must be /);
  },
);
