import { checks } from "./checks.ts";
import { ArgumentError } from "./errors.ts";
import type { Range } from "./ranges.ts";
import { show } from "./shape.ts";

/**
 * Throws for a value that is out of range.
 *
 * @param who the called function or class; "" inside an op, which adds its name and shapes to the message.
 * @param name the argument.
 * @throws ArgumentError `who: name must be …, got …`.
 * @example check("Dropout", "p", 2, ranges.unit); // ArgumentError: Dropout: p must be in [0, 1], got 2
 */
export function check(who: string, name: string, value: unknown, range: Range): void {
  if (range.admits(value)) return;
  const hint = range.hint?.(value);
  throw new ArgumentError(
    `${who && `${who}: `}${name} ${range.says}, got ${show(value)}${hint === undefined ? "" : `; ${hint}`}`,
  );
}

/**
 * Refuses arguments after the last one that a function takes; JavaScript would ignore them.
 *
 * @param takes the arguments that it takes, as they are written.
 * @param extra those that come after them. A type of `readonly undefined[]` makes TypeScript refuse them too, also in `list.map(f)`.
 * @throws ArgumentError for any that is not undefined.
 * @example noMore("Dropout", "p", [{ seed: 1 }]); // ArgumentError: Dropout(p): takes nothing after p, got Object
 */
export function noMore(who: string, takes: string, extra: readonly unknown[]): void {
  const found = extra.find((value) => value !== undefined);
  if (found === undefined) return;
  const last = takes.split(", ").at(-1);
  throw new ArgumentError(
    `${who}(${takes}): takes ${last === "" ? "no arguments" : `nothing after ${last}`}, got ${show(found)}`,
  );
}

/**
 * Checks the options of a call and fills in the defaults.
 *
 * @param who the called function or class.
 * @param given the options of the caller; `undefined` counts as not given.
 * @param defaults a value for every option that may be left out, except those whose range is `optional`.
 * @param ranges the ranges of all options.
 * @throws ArgumentError for anything but a plain object, for an unknown option (the message names the nearest known one),
 *   and for a value that is out of range or missing.
 * @example
 * const resolve = (given: object) =>
 *   resolveOptions<{ slope: number }>("LeakyReLU", given, { slope: 0.01 }, { slope: ranges.finite });
 * resolve({});             // { slope: 0.01 }
 * resolve({ alpha: 0.3 }); // ArgumentError: LeakyReLU: unknown option "alpha"; did you mean "slope"? It takes { slope }
 */
export function resolveOptions<O extends object>(
  who: string,
  given: unknown,
  defaults: Partial<O>,
  ranges: { readonly [K in keyof O]-?: Range },
): O {
  const known = Object.keys(ranges) as (keyof O & string)[];
  const resolved = { ...defaults, ...checkOptions(who, given, known) } as O;
  for (const name of known) check(who, name, resolved[name], ranges[name]);
  return resolved;
}

/**
 * A copy of the given options without those that are `undefined`. Checks the names only, not the values, for options that
 * {@link resolveOptions} cannot check alone.
 *
 * @throws ArgumentError for anything but a plain object and for an unknown option.
 */
export function checkOptions(who: string, given: unknown, known: readonly string[]): Record<string, unknown> {
  return checks.checkGiven?.(who, "option", given, known) ?? { ...(given as object) };
}
