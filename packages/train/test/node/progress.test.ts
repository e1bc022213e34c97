import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Callback, FitOptions } from "../../src/index.ts";
import { progressBar } from "../../src/node/index.ts";
import { points, rejection } from "../support.ts";
import { FakeStream, start, train } from "./progress/support.ts";

const hide = `${start}[?25l`;

const show = `${start}[?25h`;

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
