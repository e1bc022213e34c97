import { formatShape } from "../shape.ts";
import type { WatchedTensor } from "./trace.ts";

/**
 * A number for a table: as it is if that is short, else rounded to four decimals, or to five digits below 1; scientific if it is
 * very large or small.
 */
export function shortNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  const exact = String(value);
  if (exact.length <= 7 || !Number.isFinite(value)) return exact;
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-5) return value.toExponential(4);
  return size >= 1 ? value.toFixed(4) : value.toPrecision(5);
}

/** The numbers of a tensor in a line: `2 4 6`, `[2,2] 1 2 | 3 4`; of more than `most` the first: `[64,10] 0.1 0.2 …`. */
export function numbersText({ shape, numbers, summary }: WatchedTensor, most = 6): string {
  const size = shape.reduce((product, axis) => product * axis, 1);
  const lead = shape.length > 1 || size > most || size === 0 ? `${formatShape(shape)} ` : "";
  if (size === 0) return `${lead}empty`;
  // Numbers that came as JSON may be text: "NaN".
  const texts = numbers.map((value) => shortNumber(Number(value)));
  if (size > most) {
    const rest = summary ? ` mean ${shortNumber(Number(summary.mean))}` : "";
    return `${lead}${texts.slice(0, most / 2).join(" ")} …${rest}`;
  }
  const width = shape[shape.length - 1] ?? 1;
  const rows = texts.reduce(
    (text, value, i) => text + (i === 0 ? "" : i % width === 0 ? " | " : " ") + value,
    "",
  );
  return lead + rows;
}
