// How errors are written. Imported for its effect (install.ts); the files of the heart do without.

import { Rng } from "./random.ts";
import { tagOf } from "./tag.ts";
import { Tensor } from "./tensor.ts";

/** Characters of the longest message. */
const LONGEST_MESSAGE = 4000;

/**
 * A text that prints as it reads: characters that control a terminal, change the direction of the text or are invisible
 * become escapes such as \u001b, and a long text is cut in the middle.
 */
export function readable(text: string): string {
  const end = LONGEST_MESSAGE / 2;
  const shown = text.length > LONGEST_MESSAGE ? `${text.slice(0, end)} … ${text.slice(-end)}` : text;
  return shown.replace(/[^\P{C}\n]|[\u2028\u2029]/gu, (character) => {
    const code = (character.codePointAt(0) as number).toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
  });
}

/** Characters of a text, and elements of nested lists in all, that {@link show} writes. */
const [LONGEST, MOST] = [100, 20];

/** A value as it should look in an error message: as it would be typed, cut where it is long, without unreadable characters. */
export function show(value: unknown): string {
  let left = MOST;
  const list = (values: readonly unknown[]): string => {
    const shown: string[] = [];
    while (shown.length < values.length && left-- > 0) shown.push(each(values[shown.length]));
    if (shown.length < values.length) shown.push(`… ${values.length} in all`);
    return `[${shown.join(",")}]`;
  };
  // The limit ends lists that contain themselves, too.
  const each = (element: unknown): string => {
    try {
      return Array.isArray(element) ? list(element) : readable(one(element));
    } catch {
      return "object"; // one that throws when it is looked at
    }
  };
  return each(value);
}

const FOREIGN = " of another copy of @gradus/core (npm ls @gradus/core)";

/** Whether an object is a tensor or a random stream, but not of this copy of the package. */
function isForeign(value: object): boolean {
  if ("tracked" in value) return !(value instanceof Tensor);
  return "permutation" in value && !(value instanceof Rng);
}

function one(value: unknown): string {
  const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
  if (typeof value === "string") return JSON.stringify(cut(value));
  if (typeof value === "bigint") return `${cut(String(value))}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function")
    return cut(`${/^class\b/.test(String(value)) ? "class" : "function"} ${value.name}`.trim());
  if (typeof value === "object" && value !== null)
    return cut(String(value.constructor?.name || tagOf(value))) + (isForeign(value) ? FOREIGN : "");
  return cut(String(value));
}

/** Shows a value that should be a tensor, with the way to make one. */
export function notTensor(value: unknown): string {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return `${show(value)}; tensor(values) makes one`;
  return show(value);
}
