import { ArgumentError, FormatError, show, Tensor, tagOf, tensor } from "@gradus/core";
import { visible } from "@gradus/io/internal";

/** A state: JSON values, Float64Arrays and tensors; nested at most 64 deep. */
export type PlainData =
  | null
  | boolean
  | number
  | string
  | Float64Array
  | Tensor
  | readonly PlainData[]
  | { readonly [key: string]: PlainData | undefined };

/** Plain data in the form of a file: JSON, and the arrays and tensors, each named by its path: `optimizer/slots/w/m`. @internal */
export interface Packed {
  readonly json: string;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** The greatest depth of nested objects: more than any state has, and few enough for the call stack. */
const DEEPEST = 64;

/** The most values in a state, beside numbers in arrays, tensors and long lists. One object in many places counts each time. */
const MOST = 2_000_000;

/** A list of at least so many numbers, and of nothing else, is stored as a tensor: text would take twice the space. */
const LONG = 16;

/**
 * Splits plain data into JSON and tensors. JSON has no NaN, infinities or −0; they, arrays, tensors and long lists of
 * numbers become strings that begin with `#`. A string that already begins with `#` gets another `#` in front.
 *
 * @throws ArgumentError for everything that {@link unpack} would not give back. @internal
 */
export function pack(data: PlainData): Packed {
  const tensors = new Map<string, Tensor>();
  const put = (kind: "array" | "list" | "tensor", path: string, x: Tensor): string => {
    let name = path;
    // Keys with a slash can give two values the same path; the second name is that of the format's own entry.
    while (tensors.has(name) || name === "__metadata__") name += "'";
    tensors.set(name, x);
    return `#${kind} ${name}`;
  };
  let count = 0;
  const walk = (value: unknown, path: string, depth: number): unknown => {
    if (++count > MOST) {
      throw new ArgumentError(
        `checkpoint: the state has more than ${MOST} values at ${shortened(path)}; keep numbers in a Float64Array or a tensor`,
      );
    }
    if (depth > DEEPEST) {
      throw new ArgumentError(
        `checkpoint: the state at ${shortened(path)} is nested more than ${DEEPEST} deep, or contains itself`,
      );
    }
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "string") return value.startsWith("#") ? `#${value}` : value;
    if (typeof value === "number") {
      return Number.isFinite(value) && !Object.is(value, -0) ? value : `#number ${text(value)}`;
    }
    if (value instanceof Tensor) return put("tensor", path, value);
    if (tagOf(value) === "Float64Array") return put("array", path, tensor(value as Float64Array));
    const deeper = (key: string, child: unknown): unknown =>
      walk(child, path === "" ? key : `${path}/${key}`, depth + 1);
    if (Array.isArray(value)) {
      if (value.length >= LONG && allNumbers(value)) {
        return put("list", path, new Tensor(Float64Array.from(value), [value.length]));
      }
      return Array.from(value, (child, i) => deeper(String(i), child));
    }
    if (isRecord(value)) {
      const entries = Object.entries(value).filter(([, child]) => child !== undefined);
      return Object.fromEntries(entries.map(([key, child]) => [key, deeper(key, child)]));
    }
    throw new ArgumentError(
      `checkpoint: ${shortened(path)} is ${show(value)}; a state is made of numbers, text, lists, plain objects, Float64Arrays and tensors`,
    );
  };
  const plain = walk(data, "", 0);
  try {
    return { json: JSON.stringify(plain), tensors };
  } catch (cause) {
    throw new ArgumentError(
      `checkpoint: the state is too long as text (${(cause as Error).message}); keep numbers in a Float64Array or a tensor`,
      { cause },
    );
  }
}

function allNumbers(list: readonly unknown[]): boolean {
  for (let i = 0; i < list.length; i++) if (typeof list[i] !== "number") return false; // `every` would skip holes
  return true;
}

function shortened(path: string): string {
  return path.length > 100 ? `${path.slice(0, 100)}…` : path;
}

/**
 * The inverse of {@link pack}. (`Object.fromEntries` makes own properties, also of `__proto__`.)
 * @throws FormatError for data that {@link pack} does not write. @internal
 */
export function unpack(json: string, read: (name: string) => Tensor): PlainData {
  const walk = (value: unknown, depth: number): PlainData => {
    if (depth > DEEPEST) throw new FormatError(`checkpoint: its state is nested more than ${DEEPEST} deep`);
    if (typeof value === "string") return value.startsWith("#") ? special(value, read) : value;
    if (Array.isArray(value)) return value.map((child) => walk(child, depth + 1));
    if (typeof value !== "object" || value === null) return value as PlainData;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, walk(child, depth + 1)]));
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (cause) {
    throw new FormatError(`checkpoint: its state is not JSON: ${visible((cause as Error).message)}`, {
      cause,
    });
  }
  return walk(parsed, 0);
}

function special(value: string, read: (name: string) => Tensor): PlainData {
  if (value.startsWith("##")) return value.slice(1);
  const [, kind, rest] = /^#(number|array|list|tensor) (.*)$/s.exec(value) ?? [];
  if (kind === "tensor") return read(rest);
  if (kind === "array") return read(rest).data;
  if (kind === "list") return Array.from(read(rest).data);
  const number = NUMBERS.get(rest);
  if (kind !== "number" || number === undefined)
    throw new FormatError(`checkpoint: its state has ${show(value)}`);
  return number;
}

const NUMBERS: ReadonlyMap<string, number> = new Map(
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0].map((value) => [text(value), value]),
);

function text(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** Whether it is a plain object, not an array or an instance of a class. @internal */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
