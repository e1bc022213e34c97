/** What a program writes to the console, as lines of text. */

/** So many lines are kept, and so many characters of each: a loop may write without end. */
const LINES = 200;
const LENGTH = 2000;

/** A console whose methods write lines. @param write is called with each line. */
export function consoleFor(write: (line: string) => void): object {
  let count = 0;
  const log = (...values: unknown[]): void => {
    count++;
    if (count === LINES + 1) write(`… more than ${LINES} lines; the others are left out`);
    if (count > LINES) return;
    const text = values.map((value) => (typeof value === "string" ? value : shown(value))).join(" ");
    write(text.length > LENGTH ? `${text.slice(0, LENGTH)} …` : text);
  };
  const assert = (holds: unknown, ...values: unknown[]): void => {
    if (!holds) log("Assertion failed:", ...values);
  };
  const none = (): void => {};
  const writing = [
    "log",
    "info",
    "warn",
    "error",
    "debug",
    "dir",
    "table",
    "trace",
    "group",
    "groupCollapsed",
  ];
  const silent = ["groupEnd", "time", "timeEnd", "timeLog", "count", "countReset", "clear"];
  return {
    assert,
    ...Object.fromEntries(writing.map((name) => [name, log])),
    ...Object.fromEntries(silent.map((name) => [name, none])),
  };
}

/** A value as one would type it, cut where it is deep or long. */
export function shown(value: unknown): string {
  try {
    return textOf(value, 0);
  } catch {
    return "(a value that cannot be shown)";
  }
}

const DEEPEST = 3;
const MANY = 50;

function textOf(value: unknown, depth: number): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LENGTH));
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (depth === DEEPEST) return "…";
  const items = (list: Iterable<unknown>): string => {
    const texts: string[] = [];
    for (const item of list) {
      if (texts.length === MANY) {
        texts.push("…");
        break;
      }
      texts.push(textOf(item, depth + 1));
    }
    return texts.join(", ");
  };
  if (Array.isArray(value)) return `[${items(value)}]`;
  if (ArrayBuffer.isView(value) && Symbol.iterator in value)
    return `${value.constructor.name} [${items(value as unknown as Iterable<unknown>)}]`;
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name} {${items(value)}}`;
  // A tensor, for example, has a text of its own.
  if (typeof value.toString === "function" && value.toString !== Object.prototype.toString)
    return String(value);
  const entries = Object.entries(value).slice(0, MANY);
  const kind = value.constructor?.name;
  const name = kind === undefined || kind === "Object" ? "" : `${kind} `;
  return `${name}{ ${entries.map(([key, part]) => `${key}: ${textOf(part, depth + 1)}`).join(", ")} }`;
}
