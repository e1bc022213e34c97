import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type Callback,
  confusionMatrix,
  earlyStopping,
  type FitOptions,
  f1,
  fit,
  StorageError,
} from "../../src/index.ts";
import { csvLog } from "../../src/node/index.ts";
import { bitsOf, optionsFor, points, rejection, smallNet } from "../support.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradus-csv-"));
  path = join(folder, "history.csv");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const lines = () => readFileSync(path, "utf8").split("\n");
const header = "epoch,loss,accuracy,valLoss,valAccuracy,learningRate,seconds";

async function train(callbacks: readonly Callback[], changes: Partial<FitOptions> = {}) {
  const net = smallNet();
  const validation = points(4, "validation");
  return fit(net, points(8), optionsFor(net, { validation, callbacks, ...changes }));
}

describe("csvLog", () => {
  test("writes a header and a row for each epoch, with every digit", async () => {
    const history = await train([csvLog(path)]);
    const [first, ...rows] = lines();
    expect(first).toBe(header);
    expect(rows.pop()).toBe(""); // the file ends with a line feed
    expect(rows.map((row) => row.split(",").map(Number))).toEqual(
      history.epochs.map((log) => Object.values(log)),
    );
  });

  test("leaves tables out, with a warning", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await train([csvLog(path)], { metrics: { confusion: confusionMatrix(), f1: f1() } });
    expect(lines()[0]).toBe("epoch,loss,f1,valLoss,valF1,learningRate,seconds");
    expect(lines()[1].split(",")).toHaveLength(7);
    expect(warn.mock.calls).toEqual([
      ["csvLog: the tables confusion, valConfusion are not in the file; they are in history.tables"],
    ]);
    warn.mockRestore();
  });

  test("has written each row before the next epoch begins", async () => {
    const seen: number[] = [];
    await train([csvLog(path), { onEpochBegin: () => void seen.push(lines().length - 1) }]);
    expect(seen).toEqual([1, 2]);
  });

  test("refuses a file that exists, and leaves it unchanged", async () => {
    writeFileSync(path, "precious");
    expect(String(await rejection(train([csvLog(path)])))).toMatch(
      `csvLog: ${path} is there already; pass existing: "append" or "overwrite"`,
    );
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  test("appends rows to a file with the same columns", async () => {
    await train([csvLog(path)]);
    await train([csvLog(path, { existing: "append" })], { startEpoch: 3, epochs: 4 });
    expect(lines().map((line) => line.split(",")[0])).toEqual(["epoch", "1", "2", "3", "4", ""]);
  });

  test("appends a header and rows to a file that is empty or does not exist", async () => {
    writeFileSync(path, "");
    await train([csvLog(path, { existing: "append" })]);
    expect(lines()[0]).toBe(header);
    path = join(folder, "new.csv");
    await train([csvLog(path, { existing: "append" })]);
    expect(lines()[0]).toBe(header);
  });

  test("starts a new line after an incomplete row", async () => {
    writeFileSync(path, `${header}\r\n1,0.5`);
    await train([csvLog(path, { existing: "append" })], { startEpoch: 2 });
    expect(lines().slice(0, 2)).toEqual([`${header}\r`, "1,0.5"]);
    expect(lines()[2]).toMatch(/^2,/);
  });

  test("refuses to append to a file with other columns, and leaves it unchanged", async () => {
    for (const old of ["epoch,loss,learningRate,seconds\n1,2,3,4\n", `${header},more\n`, "\n", "x"]) {
      writeFileSync(path, old);
      const net = smallNet();
      const before = bitsOf(net);
      const callbacks = [csvLog(path, { existing: "append" })];
      const validation = points(4, "validation");
      const error = await rejection(fit(net, points(8), optionsFor(net, { validation, callbacks })));
      expect(String(error)).toMatch(
        `csvLog: ${path} has the columns ${old.split("\n")[0]}, not ${header}; pass another path or existing: "overwrite"`,
      );
      expect(readFileSync(path, "utf8")).toBe(old);
      expect(bitsOf(net)).toEqual(before);
    }
  });

  test("overwrites the file under existing: overwrite", async () => {
    writeFileSync(path, "old\n1\n2\n3\n");
    await train([csvLog(path, { existing: "overwrite" })]);
    expect(lines()[0]).toBe(header);
    expect(lines().length).toBe(4);
  });

  test("creates and overwrites no file if training does not begin", async () => {
    const refusing = earlyStopping({ monitor: "f1", direction: "max" });
    await rejection(train([csvLog(path), refusing]));
    await rejection(train([csvLog(path)], { epochs: 0 }));
    await rejection(train([csvLog(path)], { signal: AbortSignal.abort() }));
    expect(existsSync(path)).toBe(false);
    writeFileSync(path, "precious");
    await rejection(train([csvLog(path, { existing: "overwrite" }), refusing]));
    expect(readFileSync(path, "utf8")).toBe("precious");
  });

  test("ends training before any weight changes if the file cannot be written", async () => {
    const net = smallNet();
    const before = bitsOf(net);
    const callbacks = [csvLog(join(folder, "not", "there.csv"))];
    const error = await rejection(fit(net, points(8), optionsFor(net, { callbacks })));
    expect(error).toBeInstanceOf(StorageError);
    expect((error as Error).message).toMatch(
      /^csvLog: cannot write .*there is no such folder or file; was it removed\? \(ENOENT\)/,
    );
    expect(bitsOf(net)).toEqual(before);
  });

  test("writes NaN as NaN", async () => {
    await train([csvLog(path)], { metrics: { f1: () => Number.NaN }, epochs: 1 });
    expect(lines()[0]).toBe("epoch,loss,f1,valLoss,valF1,learningRate,seconds");
    expect(lines()[1].split(",")[2]).toBe("NaN");
  });

  test("refuses a path that is no string and an unknown value of existing", () => {
    for (const bad of ["", undefined, 3, null]) {
      expect(() => csvLog(bad as never)).toThrow("csvLog: needs a path, got");
    }
    expect(() => csvLog(path, { append: true } as never)).toThrow(
      'csvLog: unknown option "append"; it takes { existing }',
    );
    expect(() => csvLog(path, { existing: "replace" as never })).toThrow(
      'csvLog: existing must be "refuse" or "append" or "overwrite", got "replace"',
    );
  });
});
