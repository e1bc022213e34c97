import { ArgumentError } from "./errors.ts";
import { show } from "./shape.ts";

/** Finds the known name that was probably meant; `nearestName`, once the whole of core is imported. */
let suggest: (name: string, known: readonly string[]) => string | undefined = () => undefined;

/** Sets how errors find the name that was probably meant. */
export function suggestNames(next: typeof suggest): void {
  suggest = next;
}

/**
 * The options of a call, or the params (the last argument) of an op, that were given: a copy in which none is `undefined`.
 *
 * @throws ArgumentError for anything but a plain object and for an unknown name; it names the nearest known one.
 */
export function knownNames(
  who: string,
  kind: "option" | "param",
  given: unknown,
  known: readonly string[],
): Record<string, unknown> {
  if (!isPlain(given)) {
    const needed = `${who}: needs ${kind === "option" ? "an" : "a"} ${kind}s object ${listed(known)}`;
    throw new ArgumentError(`${needed}, got ${show(given)}`);
  }
  const target: Record<string, unknown> = {};
  // Inherited options count too, except what a careless library added to all objects.
  for (const name in given) {
    if (!Object.hasOwn(given, name) && name in Object.prototype) continue;
    if (!known.includes(name)) {
      const near = suggest(name, known);
      const hint = near === undefined ? "it takes" : `did you mean ${show(near)}? It takes`;
      throw new ArgumentError(`${who}: unknown ${kind} ${show(name)}; ${hint} ${listed(known)}`);
    }
    const value = given[name];
    if (value !== undefined) target[name] = value;
  }
  return target;
}

/** Not an instance of a class, such as an Rng or a Map, which would be taken for an object without options. */
function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || prototype.constructor?.name === "Object";
}

function listed(known: readonly string[]): string {
  return known.length === 0 ? "{}" : `{ ${known.join(", ")} }`;
}
