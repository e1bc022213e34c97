/// <reference types="node" />
import cliProgress from "cli-progress";
import type { BatchLog, Callback, TrainEnd, Training } from "../callbacks.ts";
import type { EpochLog } from "../history.ts";

/** What the progress needs of a stream; `process.stdout` has it. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** Where to write. Default `process.stdout`. */
  readonly stream?: ProgressStream;
  /** Whether to draw a moving bar. Default: if the stream is a terminal and the variable `CI` is not set. */
  readonly bar?: boolean;
}

/**
 * Shows how training goes on: in a terminal a bar with loss, accuracy, samples per second and the time left; in a pipe
 * or under CI nothing but one line for each finished epoch, which the terminal gets too.
 *
 * Needs the package `cli-progress` (an optional peer of this one) to be installed.
 *
 * @example await fit(net, train, { ..., callbacks: [progressBar()] });
 */
export function progressBar(options: ProgressBarOptions = {}): Callback {
  const stream: ProgressStream = options.stream ?? process.stdout;
  const moving = options.bar ?? (stream.isTTY === true && !process.env.CI);
  return new Progress(stream, moving);
}

class Progress implements Callback {
  readonly #stream: ProgressStream;
  readonly #moving: boolean;
  #bar: cliProgress.SingleBar | undefined;
  #began = 0;

  constructor(stream: ProgressStream, moving: boolean) {
    this.#stream = stream;
    this.#moving = moving;
  }

  onEpochBegin(epoch: number, { epochs, samples }: Training): void {
    this.#began = performance.now();
    if (!this.#moving) return;
    this.#bar = new cliProgress.SingleBar(
      {
        format: (_options, { value, total }, { text }: { text: string }) =>
          this.#line(epoch, epochs, value / total, text),
        stream: this.#stream as NodeJS.WriteStream,
        clearOnComplete: true,
        hideCursor: true,
        fps: 8,
        linewrap: false,
      },
      cliProgress.Presets.rect,
    );
    this.#bar.start(samples, 0, { text: "" });
  }

  onBatchEnd(batch: BatchLog, { samples }: Training): void {
    if (this.#bar === undefined) return;
    const seconds = (performance.now() - this.#began) / 1000;
    const rate = batch.samples / seconds;
    const left = Math.ceil((samples - batch.samples) / rate);
    const accuracy = averageOf(batch, "accuracy");
    const parts = [
      `loss ${number(batch.average("loss"))}`,
      ...(accuracy === undefined ? [] : [`accuracy ${percent(accuracy)}`]),
      `${Math.round(rate)}/s`,
      `${duration(left)} left`,
    ];
    this.#bar.update(batch.samples, { text: parts.join("  ") });
  }

  onEpochEnd(log: EpochLog, { epochs }: Training): void {
    this.#stopBar();
    this.#stream.write(`${epochLine(log, epochs)}\n`);
  }

  onTrainEnd(end: TrainEnd): void {
    this.#stopBar();
    if (end.outcome === "stopped") this.#stream.write(`stopped: ${end.reason}\n`);
  }

  #stopBar(): void {
    this.#bar?.stop(); // also gives the cursor back
    this.#bar = undefined;
  }

  /** The bar, as wide as the terminal leaves room for; a narrow one loses the end of the text. */
  #line(epoch: number, epochs: number, share: number, text: string): string {
    const columns = this.#stream.columns ?? 80;
    const head = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs} `;
    const room = columns - 1 - head.length;
    const width = Math.max(0, Math.min(24, room - text.length - 1));
    const filled = Math.round(share * width);
    const bar = width >= 4 ? `${"█".repeat(filled)}${"░".repeat(width - filled)} ` : "";
    return `${head}${bar}${text}`.slice(0, columns - 1);
  }
}

/** `epoch  1/20  loss 0.4296  accuracy 86.94 %  valLoss 0.2557  valAccuracy 93.15 %  12.3 s`, columns aligned. */
function epochLine(log: EpochLog, epochs: number): string {
  const { epoch, learningRate, seconds, ...values } = log;
  const parts = Object.entries(values).map(([name, value]) => {
    const shown = /accuracy$/i.test(name) ? percent(value ?? Number.NaN) : number(value ?? Number.NaN);
    return `${name} ${shown}`;
  });
  const head = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  return [head, ...parts, `${seconds.toFixed(1).padStart(5)} s`].join("  ");
}

function averageOf(batch: BatchLog, name: string): number | undefined {
  try {
    return batch.average(name);
  } catch {
    return undefined; // not measured
  }
}

/** Four decimals where that says something, else three digits with an exponent. */
function number(value: number): string {
  const size = Math.abs(value);
  const text = size === 0 || (size >= 0.001 && size < 10_000) ? value.toFixed(4) : value.toExponential(2);
  return text.padStart(6);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2).padStart(6)} %`;
}

function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes > 0 ? `${minutes}m ${String(rest).padStart(2, "0")}s` : `${rest}s`;
}
