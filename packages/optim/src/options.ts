import { ArgumentError, show } from "@gradus/core";
import type { Range } from "./ranges.ts";

/** Throws `who: name must be …, got …` unless the value is in range. */
export function check(who: string, name: string, value: unknown, range: Range): void {
  if (!range.admits(value)) throw new ArgumentError(`${who}: ${name} ${range.says}, got ${show(value)}`);
}

/** Throws `who: needs an options object, got …` for anything else. */
export function checkObject<O>(who: string, options: O, needed: string = "an options object"): O & object {
  if (typeof options === "object" && options !== null && !Array.isArray(options)) return options;
  throw new ArgumentError(`${who}: needs ${needed}, got ${show(options)}`);
}

/**
 * Fills in the defaults and checks every value.
 *
 * @param given the caller's options; `undefined` values count as not given.
 * @param defaults a value for every option that may be left out.
 * @param ranges a range for every option that there is.
 * @throws ArgumentError for anything but an object, an unknown option, or a value out of range.
 */
export function resolveOptions<O extends object>(
  who: string,
  given: unknown,
  defaults: Partial<O>,
  ranges: { readonly [K in keyof O]?: Range },
): O {
  const known = Object.keys(ranges);
  const options = `{ ${known.join(", ")} }`;
  const resolved: Record<string, unknown> = { ...defaults };
  for (const [key, value] of Object.entries(checkObject(who, given, `an options object ${options}`))) {
    if (!known.includes(key)) {
      throw new ArgumentError(`${who}: unknown option ${show(key)}; it takes ${options}`);
    }
    if (value !== undefined) resolved[key] = value;
  }
  for (const key of known) check(who, key, resolved[key], ranges[key as keyof O] as Range);
  return resolved as O;
}
