/// <reference types="node" />

import process from "node:process";
import { ArgumentError, ranges, resolveOptions } from "@gradus/core";
import { now } from "@gradus/core/internal";
import type { Options, SingleBar } from "cli-progress";
import type { BatchLog, Callback, TrainEnd, Training } from "../callbacks.ts";
import type { EpochLog } from "../history.ts";

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
 * The bar needs the package `cli-progress` (an optional peer dependency); the lines do not.
 *
 * @throws ArgumentError for options out of range; when training begins, if `cli-progress` is missing.
 * @example await fit(net, train, { ..., callbacks: [progressBar()] });
 */
export function progressBar(options: ProgressBarOptions = {}): Callback {
  const defaults = { stream: process.stdout };
  const { stream, bar } = resolveOptions<Resolved>("progressBar", options, defaults, allowed);
  const moving = bar ?? (stream.isTTY === true && !isCI(process.env.CI));
  return new Progress(stream, moving);
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
  #Bar: (new (options: Options) => SingleBar) | undefined;
  #bar: SingleBar | undefined;
  #began = 0;

  constructor(stream: ProgressStream, moving: boolean) {
    this.#stream = stream;
    this.#moving = moving;
  }

  async onTrainBegin(): Promise<void> {
    if (!this.#moving) return;
    this.#Bar = await loadBar();
    process.on("exit", this.#stopBar);
    // Before the program's own handlers, which may remove themselves when called.
    for (const signal of signals) process.prependListener(signal, this.#onSignal);
  }

  onEpochBegin(epoch: number, { epochs, samples }: Training): void {
    this.#began = now();
    if (this.#Bar === undefined) return;
    this.#bar = new this.#Bar({
      format: (_options, { value, total }, { text }: { text: string }) =>
        this.#line(epoch, epochs, value / total, text),
      stream: this.#stream as NodeJS.WriteStream,
      clearOnComplete: true,
      hideCursor: true,
      fps: 8,
      linewrap: false,
    });
    this.#bar.start(samples, 0, { text: "" });
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
    this.#bar.update(batch.samples, { text: parts.join("  ") });
  }

  onEpochEnd(log: EpochLog, { epochs }: Training): void {
    this.#stopBar();
    const room = this.#Bar === undefined ? Number.POSITIVE_INFINITY : this.#columns - 1;
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

  /** The bar and its text, at most as wide as the terminal; the end of the text is cut off if there is no room. */
  #line(epoch: number, epochs: number, share: number, text: string): string {
    const columns = this.#columns;
    const head = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs} `;
    const room = columns - 1 - head.length;
    const width = Math.max(0, Math.min(24, room - text.length - 1));
    const filled = Math.round(share * width);
    const bar = width >= 4 ? `${"█".repeat(filled)}${"░".repeat(width - filled)} ` : "";
    return `${head}${bar}${text}`.slice(0, columns - 1);
  }
}

/**
 * `epoch  1/20  loss   0.4296  accuracy  86.94 %  valLoss   0.2557  valAccuracy  93.15 %    12.3 s`, columns aligned.
 * If that is wider than `room`: no names and no padding, and the end is cut off.
 */
function epochLine(log: EpochLog, epochs: number, room: number): string {
  const { epoch, learningRate, seconds, ...values } = log;
  const parts = Object.entries(values).map(([name, value = Number.NaN]) => {
    return [name, /accuracy$/i.test(name) ? percent(value) : number(value)];
  });
  const count = `${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const time = `${seconds.toFixed(1)} s`;
  const full = [`epoch ${count}`, ...parts.map((part) => part.join(" ")), time.padStart(8)].join("  ");
  if (full.length <= room) return full;
  return [count, ...parts.map(([, value]) => value.trim()), time].join("  ").slice(0, room);
}

/** Loads `cli-progress` only if a bar is drawn, because the package is optional. */
async function loadBar(): Promise<new (options: Options) => SingleBar> {
  try {
    return (await import("cli-progress")).default.SingleBar;
  } catch (cause) {
    throw new ArgumentError(
      "progressBar: the bar needs the package cli-progress; install it, or pass { bar: false } for plain lines",
      { cause },
    );
  }
}

function isCI(value: string | undefined): boolean {
  return value !== undefined && !["", "0", "false"].includes(value);
}

/** Four decimals for 0 and for sizes in [0.001, 1000), else three digits with an exponent. */
function number(value: number): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 0.001 && size < 1000) || !Number.isFinite(size);
  return (plain ? value.toFixed(4) : value.toExponential(2)).padStart(8);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2).padStart(6)} %`;
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes > 0 ? `${minutes}m ${String(rest).padStart(2, "0")}s` : `${rest}s`;
}
