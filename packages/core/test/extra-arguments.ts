import { describe, expect, test } from "vitest";
import { GradusError } from "../src/index.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** Arguments that an export takes; if the last is a plain object, it is the options. */
export type Calls = Readonly<Record<string, () => readonly unknown[]>>;

/** The case of a method: the function that calls it, then its arguments. */
export function method(object: object, name: string, ...args: readonly unknown[]): () => readonly unknown[] {
  return () => [
    (...all: unknown[]) => (object as Record<string, (...all: unknown[]) => unknown>)[name](...all),
    ...args,
  ];
}

async function errorOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

/**
 * U3: tests that everything that is exported refuses an argument after those that it takes, and a misspelt option.
 *
 * @param exports what a package exports; classes are constructed.
 * @param calls a call of each function and class. Names with a dot are methods: their function is the first argument.
 * @param exempt the functions that have no case, with the reason.
 */
export function describeExtraArguments(
  exports: Readonly<Record<string, unknown>>,
  calls: Calls,
  exempt: Readonly<Record<string, string>> = {},
): void {
  const run = (name: string, args: readonly unknown[]): unknown => {
    if (name.includes(".")) return (args[0] as AnyFunction)(...args.slice(1));
    const fn = exports[name] as AnyFunction;
    return /^[A-Z]/.test(name) ? Reflect.construct(fn, args) : fn(...args);
  };
  const names = Object.keys(calls);

  describe("U3: arguments that nobody knows", () => {
    test("every function and class that is exported has a case", () => {
      const functions = Object.keys(exports).filter((name) => typeof exports[name] === "function");
      const missing = functions.filter((name) => !names.includes(name) && !Object.hasOwn(exempt, name));
      expect(missing).toEqual([]);
      expect(Object.keys(exempt).filter((name) => !functions.includes(name) || names.includes(name))).toEqual(
        [],
      );
    });

    test.each(names)("U3: %s refuses an argument after the last", async (name) => {
      expect(await errorOf(() => run(name, calls[name]()))).toBeUndefined();
      expect(await errorOf(() => run(name, [...calls[name](), undefined]))).toBeUndefined();
      for (const extra of [{ nobody: 1 }, "nobody", 7]) {
        const error = await errorOf(() => run(name, [...calls[name](), extra]));
        expect(error, name).toBeInstanceOf(GradusError);
        const { message } = error as Error;
        expect(message).toMatch(new RegExp(`^(\\w+\\.)?${name.split(".").at(-1)}\\b`));
        expect(message).toMatch(
          /takes no|takes one|unknown (option|param) "nobody"|an? (option|param)s object/,
        );
      }
    });

    const withOptions = names.filter((name) => isPlain(calls[name]().at(-1)));
    if (withOptions.length > 0) {
      test.each(withOptions)("U3: %s refuses a misspelt option", async (name) => {
        const args = calls[name]();
        const misspelt = { ...(args.at(-1) as object), nobody: 1 };
        const error = await errorOf(() => run(name, [...args.slice(0, -1), misspelt]));
        expect(error, name).toBeInstanceOf(GradusError);
        expect((error as Error).message).toMatch(/unknown [a-z]+ "nobody"|got \{ .*nobody/);
      });
    }
  });
}

/** Options, not data such as the state of a random stream or the description of a transform. */
function isPlain(value: unknown): boolean {
  if (["version", "kind"].some((key) => Object.hasOwn(Object(value), key))) return false;
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
