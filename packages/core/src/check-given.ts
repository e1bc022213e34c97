import { ArgumentError } from "./errors.ts";
import { wayOf } from "./foreign-words.ts";
import { nearestName, sameName } from "./nearest-name.ts";
import { check } from "./options.ts";
import {
  counts,
  finite,
  flag,
  instanceOf,
  isListOf,
  nonNegative,
  positive,
  positiveCount,
  type Range,
  text,
  unit,
  whole,
} from "./ranges.ts";
import { show } from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** What an option or param may be, in one word. */
export type RangeName =
  | "flag"
  | "text"
  | "number"
  | "finite"
  | "positive"
  | "nonNegative"
  | "unit"
  | "whole"
  | "positiveCount"
  | "counts"
  | "wholes"
  | "numbers"
  | "tensor"
  | "tensors";

/** One of these words, or a range of its own. */
export type Allowed = RangeName | Range;

/** The names that a call knows; or also what each may be, if it is given. */
export type Known = readonly string[] | Readonly<Record<string, Allowed>>;

const RANGES: Readonly<Record<RangeName, Range>> = {
  flag,
  text,
  number: { says: "must be a number", admits: (x) => typeof x === "number" },
  finite,
  positive,
  nonNegative,
  unit,
  whole,
  positiveCount,
  counts,
  wholes: {
    says: "must be a whole number or an array of whole numbers",
    admits: (x) => whole.admits(x) || isListOf(x, whole.admits),
  },
  numbers: {
    says: "must be an array of numbers",
    admits: (x) => isListOf(x, (element) => typeof element === "number"),
  },
  tensor: instanceOf(Tensor, "must be a tensor"),
  tensors: {
    says: "must be an array of tensors",
    admits: (list) => isListOf(list, (x) => x instanceof Tensor),
  },
};

/**
 * Takes the options of a call, or the params (the last argument) of an op: a copy in which none is `undefined`.
 *
 * @throws ArgumentError for an argument after them, for anything but a plain object, for an unknown name (it names the nearest known one), and for a
 *   value that is out of range.
 */
export function checkGiven(
  who: string,
  kind: "option" | "param" | "argument",
  given: unknown,
  known: Known,
  extra: readonly unknown[] = [],
): Record<string, unknown> {
  const more = extra.find((value) => value !== undefined);
  if (more !== undefined)
    throw new ArgumentError(`${who}: takes nothing after its ${kind}s, got ${show(more)}`);
  if (given === undefined && extra.length > 0) return {};
  if (!isPlain(given)) {
    const needed = `${who}: needs ${kind === "option" ? "an" : "a"} ${kind}s object ${listed(known)}`;
    throw new ArgumentError(`${needed}, got ${show(given)}`);
  }
  const allowed = isList(known) ? null : known;
  const target: Record<string, unknown> = {};
  let nothing = true;
  // Inherited options count too, except what a careless library added to all objects.
  for (const name in given) {
    if (!Object.hasOwn(given, name) && name in Object.prototype) continue;
    if (allowed ? !Object.hasOwn(allowed, name) : !(known as readonly string[]).includes(name)) {
      const hint = hintFor(name, namesOf(known));
      throw new ArgumentError(`${who}: unknown ${kind} ${show(name)}; ${hint} ${listed(known)}`);
    }
    const value = given[name]; // read once: it may have a getter
    if (value === undefined) continue;
    if (allowed) {
      const range = allowed[name];
      check(who, name, value, typeof range === "string" ? RANGES[range] : range);
    }
    nothing = false;
    // A copy of an array, because gradient rules read it later and the caller may change it.
    target[name] = kind === "param" && Array.isArray(value) ? [...value] : value;
  }
  if (kind === "option" || nothing) {
    // Not looked for beside known params: it would take longer than all other checks.
    const [symbol] = Object.getOwnPropertySymbols(given);
    if (symbol) throw new ArgumentError(`${who}: unknown ${kind} ${show(symbol)}; it takes ${listed(known)}`);
  }
  return target;
}

/** What was probably meant: a known name, or the way that gradus has for an option of another framework. */
function hintFor(name: string, known: readonly string[]): string {
  const way = sameName(name, known) === undefined ? wayOf(name, known) : undefined;
  if (way !== undefined) return `${way}. It takes`;
  const near = nearestName(name, known);
  return near === undefined ? "it takes" : `did you mean ${show(near)}? It takes`;
}

function isList(known: Known): known is readonly string[] {
  return Array.isArray(known);
}

function namesOf(known: Known): readonly string[] {
  return isList(known) ? known : Object.keys(known);
}

/** Not an instance of a class, such as an Rng or a Map, which would be taken for an object without options. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || prototype.constructor?.name === "Object";
}

function listed(known: Known): string {
  const names = namesOf(known);
  return names.length === 0 ? "{}" : `{ ${names.join(", ")} }`;
}
