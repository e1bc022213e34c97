import type { EpochLog } from "../history.ts";

/** A part of a line: a value with its name in front. */
interface Part {
  readonly name: string;
  readonly value: string;
}

/** How a line is shortened, step by step. */
interface Form {
  /** Whether numbers are padded, so that columns are aligned. */
  readonly padded?: boolean;
  /** `acc` in place of `accuracy`. */
  readonly short?: boolean;
  /** Fewer digits, one blank between parts, and no word `epoch`. */
  readonly tight?: boolean;
}

const FORMS: readonly Form[] = [{ padded: true }, {}, { short: true }, { short: true, tight: true }];

/**
 * `epoch  1/20  loss   0.4296  accuracy  86.94 %  valLoss   0.2557  valAccuracy  93.15 %    12.3 s`, columns aligned.
 *
 * If that is wider than `room`: without padding, then with short names, then with fewer digits, then without the last parts. A
 * value that is shown always has its name. @internal
 */
export function epochLine(log: EpochLog, epochs: number, room: number): string {
  let line = "";
  for (const form of FORMS) {
    const parts = partsOf(log, epochs, form);
    const between = form.tight ? " " : "  ";
    line = firstThatFit(parts, between, form === FORMS.at(-1) ? room : Number.POSITIVE_INFINITY);
    if (line.length <= room) return line;
  }
  return line.slice(0, room);
}

function partsOf(log: EpochLog, epochs: number, { padded, short, tight }: Form): string[] {
  const { epoch, learningRate, seconds, ...values } = log;
  const count = `${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const named = Object.entries(values).map(([name, value = Number.NaN]): Part => {
    const share = /accuracy$/i.test(name);
    return {
      name: short ? name.replace("accuracy", "acc").replace("Accuracy", "Acc") : name,
      value: share ? percent(value, tight ? 1 : 2) : number(value, tight ? 3 : 4),
    };
  });
  const time = `${seconds.toFixed(1)} s`;
  return [
    tight ? count : `epoch ${count}`,
    ...named.map(({ name, value }) => `${name} ${padded ? value : value.trim()}`),
    padded ? time.padStart(8) : time,
  ];
}

/** As many parts from the beginning as fit, at least one. @internal */
export function firstThatFit(parts: readonly string[], between: string, room: number): string {
  for (let count = parts.length; count > 1; count--) {
    const line = parts.slice(0, count).join(between);
    if (line.length <= room) return line;
  }
  return parts[0];
}

/** Four decimals for 0 and for sizes in [0.001, 1000), else three digits with an exponent. @internal */
export function number(value: number, decimals = 4): string {
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 0.001 && size < 1000) || !Number.isFinite(size);
  return (plain ? value.toFixed(decimals) : value.toExponential(2)).padStart(8);
}

/** A share in percent, aligned. @internal */
export function percent(share: number, decimals = 2): string {
  return `${(100 * share).toFixed(decimals).padStart(6)} %`;
}
