/// <reference types="node" />

import process from "node:process";
import { ArgumentError, noMore, ranges, resolveOptions } from "@gradus/core";
import { now, warn } from "@gradus/core/internal";
import type { Options, SingleBar } from "cli-progress";
import { type BatchLog, type Callback, ownCallback, type TrainEnd, type Training } from "../callbacks.ts";
import type { EpochLog } from "../history.ts";
import { epochLine, firstThatFit, number, percent } from "./progress-line.ts";

/** The part of a stream that {@link progressBar} uses; `process.stdout` is one. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** The stream to write to. Default `process.stdout`. */
  readonly stream?: ProgressStream;
  /** Whether to draw a moving bar. Default: true if the stream is a terminal and the environment variable `CI` is not set. */
  readonly bar?: boolean;
}

/**
 * Shows the progress of training: one line for each finished epoch, and in a terminal also a bar with loss, accuracy,
 * samples per second and the time left.
 *
 * Everything goes to one stream, standard output by default, and is never wider than the terminal. The bar hides the
 * cursor; it is shown again at every end of training, also after Ctrl-C.
 *
 * The bar needs the package `cli-progress` (an optional peer dependency); the lines do not. Without the package there are the
 * lines, and one warning.
 *
 * @throws ArgumentError for options out of range; when training begins, for `bar: true` if `cli-progress` is missing.
 * @example await fit(net, train, { ..., callbacks: [progressBar()] });
 */
export function progressBar(options: ProgressBarOptions = {}, ...extra: readonly undefined[]): Callback {
  noMore("progressBar", "options", extra);
  const defaults = { stream: process.stdout };
  const { stream, bar } = resolveOptions<Resolved>("progressBar", options, defaults, allowed);
  const moving = bar ?? (stream.isTTY === true && !isCI(process.env.CI));
  return ownCallback(new Progress(stream, moving, bar === true));
}

interface Resolved {
  readonly stream: ProgressStream;
  readonly bar: boolean | undefined;
}

const allowed = {
  stream: {
    says: "must have a write method",
    admits: (value: unknown) => typeof (value as ProgressStream | null)?.write === "function",
  },
  bar: ranges.optional(ranges.flag),
};

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

class Progress implements Callback {
  readonly #stream: ProgressStream;
  readonly #moving: boolean;
  readonly #needed: boolean;
  #Bar: (new (options: Options) => SingleBar) | undefined;
  #bar: SingleBar | undefined;
  #began = 0;

  /** @param needed whether a missing `cli-progress` is an error. */
  constructor(stream: ProgressStream, moving: boolean, needed: boolean) {
    this.#stream = stream;
    this.#moving = moving;
    this.#needed = needed;
  }

  async onTrainBegin(): Promise<void> {
    if (!this.#moving) return;
    this.#Bar = await loadBar(this.#needed);
    if (this.#Bar === undefined) return;
    process.on("exit", this.#stopBar);
    // Before the program's own handlers, which may remove themselves when called.
    for (const signal of signals) process.prependListener(signal, this.#onSignal);
  }

  onEpochBegin(epoch: number, { epochs, samples }: Training): void {
    this.#began = now();
    if (this.#Bar === undefined) return;
    this.#bar = new this.#Bar({
      format: (_options, { value, total }, { parts }: { parts: readonly string[] }) =>
        this.#line(epoch, epochs, value / total, parts),
      stream: this.#stream as NodeJS.WriteStream,
      clearOnComplete: true,
      hideCursor: true,
      fps: 8,
      linewrap: false,
    });
    this.#bar.start(samples, 0, { parts: [] });
  }

  onBatchEnd(batch: BatchLog, { samples, logged }: Training): void {
    if (this.#bar === undefined) return;
    const seconds = (now() - this.#began) / 1000;
    const rate = batch.samples / seconds;
    const left = Math.ceil((samples - batch.samples) / rate);
    const parts = [
      `loss ${number(batch.average("loss"))}`,
      ...(logged.includes("accuracy") ? [`accuracy ${percent(batch.average("accuracy"))}`] : []),
      `${Math.round(rate)}/s`,
      `${duration(left)} left`,
    ];
    this.#bar.update(batch.samples, { parts });
  }

  onEpochEnd(log: EpochLog, { epochs }: Training): void {
    this.#stopBar();
    const room = this.#stream.isTTY || this.#Bar ? this.#columns - 1 : Number.POSITIVE_INFINITY;
    this.#stream.write(`${epochLine(log, epochs, room)}\n`);
  }

  onTrainEnd(end: TrainEnd): void {
    this.#stopBar();
    process.off("exit", this.#stopBar);
    for (const signal of signals) process.off(signal, this.#onSignal);
    if (end.outcome === "stopped") this.#stream.write(`stopped: ${end.reason}\n`);
  }

  readonly #stopBar = (): void => {
    this.#bar?.stop(); // also shows the cursor again
    this.#bar = undefined;
  };

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    // If there are other listeners, they decide what happens. If there are none, the signal must end the program.
    if (process.listenerCount(signal) > 1) return;
    this.#stopBar();
    process.off(signal, this.#onSignal);
    process.kill(process.pid, signal);
  };

  get #columns(): number {
    return this.#stream.columns || 80; // some terminals say 0
  }

  /** The bar and its text, narrower than the terminal: the bar is shortened first, then the last parts are left out. */
  #line(epoch: number, epochs: number, share: number, parts: readonly string[]): string {
    const columns = this.#columns;
    const head = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs} `;
    const room = columns - 1 - head.length;
    const text = firstThatFit(["", ...parts], "  ", room + 2).trimStart();
    const width = Math.max(0, Math.min(24, room - text.length - 1));
    const filled = Math.round(share * width);
    const bar = width >= 4 ? `${"█".repeat(filled)}${"░".repeat(width - filled)} ` : "";
    return `${head}${bar}${text}`.slice(0, columns - 1);
  }
}

/** Whether the user was told that `cli-progress` is missing. */
let told = false;

/** Loads `cli-progress` only if a bar is drawn, because the package is optional; undefined, with one warning, without it. */
async function loadBar(needed: boolean): Promise<(new (options: Options) => SingleBar) | undefined> {
  try {
    return (await import("cli-progress")).default.SingleBar;
  } catch (cause) {
    const missing = "progressBar: the bar needs the package cli-progress; install it, or pass { bar: false }";
    if (needed) throw new ArgumentError(`${missing} for plain lines`, { cause });
    if (!told) warn(`${missing}. Until then there are plain lines`);
    told = true;
    return undefined;
  }
}

function isCI(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value);
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes > 0 ? `${minutes}m ${String(rest).padStart(2, "0")}s` : `${rest}s`;
}
