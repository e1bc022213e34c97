import { show } from "../shape.ts";
import type { NumbersSummary } from "./trace.ts";

/** Numbers that are kept of a tensor over the limit. */
export const FIRST = 64;

/** A copy of the numbers, or of the first ones and a summary if there are more than `most`. */
export function copyOf(
  data: Float64Array,
  most: number,
): { numbers: readonly number[]; summary: NumbersSummary | null } {
  if (data.length <= most) return { numbers: Array.from(data), summary: null };
  return { numbers: Array.from(data.subarray(0, Math.min(FIRST, most))), summary: summaryOf(data) };
}

/** Whether the numbers are still those of the copy, to the last bit as far as the copy goes. */
export function isCopy(copy: ReturnType<typeof copyOf>, data: Float64Array): boolean {
  const { numbers, summary } = copy;
  for (let i = 0; i < numbers.length; i++) if (!Object.is(numbers[i], data[i])) return false;
  if (summary === null) return true;
  const now = summaryOf(data);
  return (Object.keys(now) as (keyof NumbersSummary)[]).every((key) => Object.is(now[key], summary[key]));
}

function summaryOf(data: Float64Array): NumbersSummary {
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    sum += value;
    min = Math.min(min, value); // NaN stays
    max = Math.max(max, value);
  }
  const mean = sum / data.length;
  let squares = 0;
  for (const value of data) squares += (value - mean) * (value - mean);
  return { mean, variance: squares / data.length, min, max };
}

/** The params of an op that differ from its defaults, as plain data; null if none do. */
export function paramsOf(
  params: unknown,
  defaults: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> | null {
  const given = Object.entries((params ?? {}) as Record<string, unknown>).filter(
    ([name, value]) => value !== undefined && !(name in defaults && Object.is(value, defaults[name])),
  );
  return given.length === 0 ? null : Object.fromEntries(given.map(([name, value]) => [name, plain(value)]));
}

/** A value as plain data: lists and objects copied, all that is neither number, text nor flag as it looks in a message. */
function plain(value: unknown): unknown {
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return value;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    return Array.from(value as unknown as ArrayLike<unknown>, plain);
  }
  return show(value);
}

/** A copy in which numbers that JSON does not keep are text, such as "NaN" and "-0". */
export function encoded(value: unknown): unknown {
  if (typeof value === "number") {
    if (Object.is(value, -0)) return "-0";
    return Number.isFinite(value) ? value : String(value);
  }
  if (Array.isArray(value)) return value.map(encoded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, encoded(entry)]));
}
