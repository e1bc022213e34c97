import { ArgumentError } from "./errors.ts";
import { show } from "./shape.ts";

// What JavaScript does with any object without a word, and what would then be NaN, text or nothing.

/**
 * Makes `x + 1`, `x * 2`, `x < y` and `x == 1` errors for the objects of a class; `String(x)` and `${x}` stay what they are.
 *
 * @param what the object, such as `a tensor`.
 * @param way the way out, as the end of the message.
 */
export function refuseOperators(prototype: object, what: string, way: string): void {
  Object.defineProperty(prototype, Symbol.toPrimitive, {
    value(this: object, hint: string): string {
      if (hint === "string") return this.toString();
      throw new ArgumentError(`${what} is no operand of +, -, *, /, < or ==: ${way}`);
    },
    writable: true,
    configurable: true,
  });
}

/**
 * Makes assignments to these names errors for an object or the objects of a class. Names that it does not have, such as those of other
 * frameworks, cannot be read either: undefined would pass for an answer.
 *
 * @param ways for each name the way out, as the end of the message.
 * @param read gives the value of a name that has no getter. Default: an error.
 */
export function refuseAssignments(
  target: object,
  what: string,
  ways: Readonly<Record<string, string>>,
  read?: (name: string) => unknown,
): void {
  for (const [name, way] of Object.entries(ways)) {
    const absent = (): unknown => {
      if (read) return read(name);
      throw new ArgumentError(`${what} has no ${name}: ${way}`);
    };
    Object.defineProperty(target, name, {
      get: Object.getOwnPropertyDescriptor(target, name)?.get ?? absent,
      set(value: unknown) {
        throw new ArgumentError(`${name} of ${what} cannot be assigned, got ${show(value)}: ${way}`);
      },
      configurable: true,
    });
  }
}

/** Makes fields of an object that only describe it read-only: writing them would change its text, but not what it does. */
export function fixFields<T extends object>(object: T, ...names: readonly (keyof T)[]): void {
  for (const name of names) Object.defineProperty(object, name, { writable: false });
}
