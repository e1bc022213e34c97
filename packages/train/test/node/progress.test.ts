import { createRng, mse } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, Sequential } from "@gradus/nn";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Callback, type FitOptions, fit } from "../../src/index.ts";
import { type ProgressStream, progressBar } from "../../src/node/index.ts";
import { optionsFor, points, rejection, smallNet } from "../support.ts";

const start = "\u001b";
const hide = `${start}[?25l`;
const show = `${start}[?25h`;

class FakeStream implements ProgressStream {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number;
  constructor(isTTY = false, columns = 80) {
    this.isTTY = isTTY;
    this.columns = columns;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  /** The drawn text, without the codes that move the cursor. */
  get drawn(): string[] {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
    return this.text.split(/\u001b(?:\[[?\d;]*[A-Za-z]|[78])|\n/).filter((part) => part !== "");
  }
}

beforeEach(() => {
  vi.stubEnv("CI", "");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance", "Date"] });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

/** Lets each batch take 130 ms of a clock of our own; the bar draws at most eight times a second. */
const slowly: Callback = {
  onBackward: () => void vi.advanceTimersByTime(130),
  onBatchEnd: () => void vi.advanceTimersByTime(130),
};

async function train(stream: ProgressStream, changes: Partial<FitOptions> = {}, options: object = {}) {
  const net = smallNet();
  const { callbacks = [], ...others } = changes;
  const all = [progressBar({ stream, ...options }), ...callbacks];
  return fit(net, points(8), optionsFor(net, { ...others, callbacks: all }));
}

describe("progressBar in a pipe", () => {
  test("writes exactly one line for each epoch, without escape codes", async () => {
    const stream = new FakeStream();
    const history = await train(stream, { epochs: 10, validation: points(4, "v") });
    expect(stream.text).not.toContain(start);
    expect(stream.text).not.toContain("\r");
    const lines = stream.text.split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.length).toBe(10);
    lines.forEach((line, i) => {
      const { loss, accuracy = 0, valLoss = 0, valAccuracy = 0 } = history.epochs[i];
      const number = (value: number) => value.toFixed(4).padStart(8);
      const share = (value: number) => `${(100 * value).toFixed(2).padStart(6)} %`;
      expect(line.replace(/ +[\d.]+ s$/, "")).toBe(
        `epoch ${String(i + 1).padStart(2)}/10  loss ${number(loss)}  accuracy ${share(accuracy)}  ` +
          `valLoss ${number(valLoss)}  valAccuracy ${share(valAccuracy)}`,
      );
      expect(line).toMatch(/ {2} *\d+\.\d s$/);
    });
    expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
  });

  test("says why training was stopped", async () => {
    const stream = new FakeStream(false);
    const stop: Callback = { onEpochEnd: (_log, training) => training.stop("enough") };
    await train(stream, { callbacks: [stop] });
    expect(stream.text).toMatch(/^epoch 1\/2 .*\nstopped: enough\n$/);
  });

  test("writes small, large and negative numbers so that they can be read", async () => {
    const net = new Sequential(new Dense(1, 1, { rng: createRng(1) }));
    const data = new Dataset({ inputs: [[1]], targets: [[1]] });
    const stream = new FakeStream();
    const metrics = {
      tiny: () => 1e-7,
      huge: () => 1e12,
      minus: () => -0.25,
      none: () => 0,
      broken: () => Number.NaN,
    };
    await fit(
      net,
      data,
      optionsFor(net, { loss: mse, metrics, epochs: 1, callbacks: [progressBar({ stream })] }),
    );
    expect(stream.text).toMatch(
      /tiny +1.00e-7 {2}huge +1.00e\+12 {2}minus +-0.2500 {2}none +0.0000 {2}broken +NaN {2}/,
    );
    expect(stream.text).not.toMatch("accuracy");
  });
});

describe("progressBar in a terminal", () => {
  test("draws loss, accuracy, samples per second and the time left, then the epoch's line", async () => {
    const stream = new FakeStream(true, 100);
    await train(stream, { callbacks: [slowly], epochs: 1 });
    expect(stream.text).toContain(hide);
    // 4 of 8 samples after 130 ms: 30.8 a second.
    const frame = /^epoch 1\/1 █{12}░{12} loss +\d\.\d{4} {2}accuracy +[\d.]+ % {2}31\/s {2}1s left$/;
    expect(stream.drawn.filter((part) => frame.test(part)).length).toBe(1);
    expect(stream.drawn.at(-1)).toMatch(/^epoch 1\/1 {2}loss .* s$/);
    expect(stream.text.endsWith(" s\n")).toBe(true);
  });

  for (const columns of [100, 80, 40, 20]) {
    test(`never draws wider than ${columns} columns`, async () => {
      const stream = new FakeStream(true, columns);
      await train(stream, { callbacks: [slowly], epochs: 1 });
      const frames = stream.drawn; // the epoch's line is the last
      expect(frames.length).toBeGreaterThanOrEqual(3);
      for (const frame of frames) expect(frame.length).toBeLessThan(columns);
      // U4: no part is cut in the middle.
      for (const frame of frames.slice(0, -1)) expect(frame).toMatch(/(\d|%|\/s|left|░|█)\s*$/);
    });
  }

  test("U4: shortens the epoch's line if it does not fit; every value that is shown keeps its name", async () => {
    const lines: string[] = [];
    for (const columns of [120, 80, 60, 40, 12]) {
      const stream = new FakeStream(true, columns);
      await train(stream, { epochs: 1, validation: points(4, "v") });
      lines.push(stream.drawn.at(-1) as string);
      expect(lines.at(-1)?.length, String(columns)).toBeLessThan(columns);
    }
    const [n, p] = ["[\\d.]+", "[\\d.]+ %"];
    expect(lines[0]).toMatch(/^epoch 1\/1 {2}loss .* valAccuracy .* s$/);
    expect(lines[1]).toMatch(
      new RegExp(
        `^epoch 1/1 {2}loss ${n} {2}acc(uracy)? ${p} {2}valLoss ${n} {2}valAcc(uracy)? ${p} {2}${n} s$`,
      ),
    );
    expect(lines[2]).toMatch(new RegExp(`^1/1 loss ${n} acc ${p} valLoss ${n} valAcc ${p}( ${n} s)?$`));
    expect(lines[3]).toMatch(new RegExp(`^1/1 loss ${n} acc ${p} valLoss ${n}$`));
    expect(lines[4]).toBe("1/1");
  });

  describe("without the package cli-progress", () => {
    beforeEach(() => {
      vi.doMock("cli-progress", () => {
        throw new Error("Cannot find package");
      });
    });
    afterEach(() => {
      vi.doUnmock("cli-progress");
    });

    test("U5: writes plain lines, with one warning", async () => {
      const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
      const stream = new FakeStream(true, 80);
      for (let i = 0; i < 2; i++) expect((await train(stream)).epochs).toHaveLength(2);
      expect(stream.text.split("\n").length).toBe(5);
      expect(stream.text).not.toContain(start);
      expect(warned.mock.calls).toEqual([
        [
          "progressBar: the bar needs the package cli-progress; install it, or pass { bar: false }. Until then there are " +
            "plain lines",
        ],
      ]);
      warned.mockRestore();
    });

    test("is an error if the bar was asked for, and does not need it with bar: false", async () => {
      const error = await rejection(train(new FakeStream(true, 80), {}, { bar: true }));
      expect(String(error)).toMatch(
        "ArgumentError: progressBar: the bar needs the package cli-progress; install it, or pass { bar: false } for plain",
      );
      const stream = new FakeStream(true, 80);
      await train(stream, {}, { bar: false });
      expect(stream.text.split("\n").length).toBe(3);
    });
  });

  test("uses 80 columns for a terminal that reports 0", async () => {
    const stream = new FakeStream(true, 0);
    await train(stream, { callbacks: [slowly], epochs: 1 });
    const widths = stream.drawn.slice(0, -1).map(({ length }) => length);
    expect(Math.max(...widths)).toBeGreaterThan(40);
    expect(Math.max(...widths)).toBeLessThan(80);
  });

  test("shows the cursor again at every end of training, and leaves no timer and no listener", async () => {
    const controller = new AbortController();
    const ends: Partial<FitOptions>[] = [
      {},
      { callbacks: [{ onBatchEnd: () => controller.abort() }], signal: controller.signal },
      { callbacks: [{ onBatchEnd: () => Promise.reject(new Error("no")) }] },
      { callbacks: [{ onBatchEnd: (_batch, training) => training.stop("enough") }] },
      { callbacks: [{ onBackward: () => Promise.reject(new Error("no")) }] },
    ];
    const listeners = process.listenerCount("SIGINT");
    for (const changes of ends) {
      const stream = new FakeStream(true, 60);
      await train(stream, changes).catch(() => {});
      expect(stream.text).toContain(hide);
      expect(stream.text.lastIndexOf(show)).toBeGreaterThan(stream.text.lastIndexOf(hide));
      expect(stream.text.lastIndexOf(`${start}[?7h`)).toBeGreaterThan(
        stream.text.lastIndexOf(`${start}[?7l`),
      );
      expect(vi.getTimerCount()).toBe(0);
      expect(process.listenerCount("SIGINT")).toBe(listeners);
    }
  });

  test("writes only the lines under CI and with bar: false", async () => {
    const plain = new FakeStream(true, 80);
    await train(plain, {}, { bar: false });
    expect(plain.text).not.toContain(start);
    vi.stubEnv("CI", "true");
    const stream = new FakeStream(true, 80);
    await train(stream);
    expect(stream.text).not.toContain(start);
    expect(stream.text.split("\n").length).toBe(3);
    vi.stubEnv("CI", "false");
    const local = new FakeStream(true, 80);
    await train(local);
    expect(local.text).toContain(hide);
    vi.stubEnv("CI", "1");
    const forced = new FakeStream(true, 80);
    await train(forced, {}, { bar: true });
    expect(forced.text).toContain(hide);
  });

  test("shows the cursor again before an unhandled signal ends the program", async () => {
    const kill = vi.spyOn(process, "kill").mockReturnValue(true);
    const count = vi.spyOn(process, "listenerCount").mockReturnValue(2);
    const stream = new FakeStream(true, 60);
    const interrupt: Callback = {
      onBatchEnd({ batch }) {
        if (batch === 2) count.mockReturnValue(1);
        // Only the bar's own handler, which stands in front: a test runner may have others.
        (process.listeners("SIGINT")[0] as NodeJS.SignalsListener)("SIGINT");
        expect(stream.text.includes(show)).toBe(batch === 2);
        expect(kill).toHaveBeenCalledTimes(batch - 1);
      },
    };
    await train(stream, { epochs: 1, callbacks: [interrupt] });
    expect(kill).toHaveBeenCalledWith(process.pid, "SIGINT");
    vi.restoreAllMocks();
  });

  test("refuses a stream that cannot be written to, and options that do not exist", () => {
    expect(() => progressBar({ bars: true } as never)).toThrow(
      'progressBar: unknown option "bars"; did you mean "bar"? It takes { stream, bar }',
    );
    expect(() => progressBar({ bar: 1 as never })).toThrow("progressBar: bar must be true or false, got 1");
    expect(() => progressBar({ stream: {} as never })).toThrow(
      "progressBar: stream must have a write method",
    );
  });

  test("writes nothing if training does not begin", async () => {
    const stream = new FakeStream(true, 80);
    await rejection(train(stream, { epochs: 0 }));
    await rejection(train(stream, { signal: AbortSignal.abort() }));
    expect(stream.text).toBe("");
  });
});
