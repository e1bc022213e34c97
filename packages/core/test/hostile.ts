import vm from "node:vm";
import { expect, test } from "vitest";
import { GradusError, Tensor } from "../src/index.ts";
import type { Calls } from "./extra-arguments.ts";

type AnyFunction = (...args: unknown[]) => unknown;

/** Errors that a hostile value throws itself: they may come out as they are. */
class Own extends Error {}

function throws(): never {
  throw new Own("thrown by the value");
}

const traps = { get: throws, has: throws, ownKeys: throws, getPrototypeOf: throws } as const;

function detached(): Float64Array {
  const values = Float64Array.of(1, 2);
  structuredClone(values.buffer, { transfer: [values.buffer] });
  return values;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function cyclic(): unknown[] {
  const list: unknown[] = [1];
  list.push(list);
  return list;
}

/** Values that TypeScript refuses in most places, and JavaScript, JSON and ports from Python bring. */
export const hostile: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  "-1": () => -1,
  "1.5": () => 1.5,
  "∞": () => Number.POSITIVE_INFINITY,
  "2^53": () => 2 ** 53,
  "2^40": () => 2 ** 40,
  true: () => true,
  "a text": () => "x",
  "no text": () => "",
  "a symbol": () => Symbol("x"),
  "a BigInt": () => 1n,
  "an empty array": () => [],
  "an array with a hole": () => Object.assign(new Array(2), { 1: 1 }),
  "a ragged array": () => [[1, 2], [3]],
  "an array in itself": cyclic,
  "an array of texts": () => ["x"],
  "an array of null": () => [null],
  "an array of 2^40": () => [2 ** 40, 2 ** 40],
  "an empty object": () => ({}),
  "a frozen object": () => Object.freeze({ x: 1 }),
  "an object without a prototype": () => Object.create(null),
  "an object with a length": () => ({ length: 2 }),
  "an object that throws": () => new Proxy({}, traps),
  "an array that throws": () => new Proxy([1], traps),
  "a function that throws when it is looked at": () => new Proxy(() => {}, traps),
  "a revoked proxy": revoked,
  "a getter that throws": () => Object.defineProperty({}, "x", { get: throws, enumerable: true }),
  "a function that returns nothing": () => () => {},
  "a function that throws": () => throws,
  "a function that returns a text": () => () => "x",
  "an async function": () => async () => {},
  "a generator": () => function* () {},
  "a class": () => class X {},
  "a Map": () => new Map([["x", 1]]),
  "a Set": () => new Set([1]),
  "a Date": () => new Date(0),
  "a promise": () => Promise.resolve(1),
  bytes: () => Uint8Array.of(1, 2),
  "an array of BigInts": () => BigInt64Array.of(1n, 2n),
  "a DataView": () => new DataView(new ArrayBuffer(8)),
  "shared numbers": () => new Float64Array(new SharedArrayBuffer(16)),
  "a transferred array": detached,
  "an array of another realm": () => vm.runInNewContext("[1, 2]"),
  "numbers of another realm": () => vm.runInNewContext("Float64Array.of(1, NaN)"),
  "an object of another realm": () => vm.runInNewContext("({ x: 1 })"),
};

/** A call with one hostile value that ends with an error of the engine. */
export interface Finding {
  readonly where: string;
  readonly value: string;
  readonly error: unknown;
}

/** The names of the options that a function takes, as its error for an unknown one lists them. */
async function optionsOf(run: (options: object) => unknown): Promise<string[]> {
  const { error } = await outcome(() => run({ nobodyTakesThis: 1 }));
  const listed = /\{ ([\w, ]+) \}[^{]*$/.exec(String((error as Error | undefined)?.message));
  return listed ? listed[1].split(", ") : [];
}

async function outcome(run: () => unknown): Promise<{ error?: unknown; result?: unknown }> {
  try {
    return { result: await run() };
  } catch (error) {
    return { error };
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** An error of the engine: neither one of gradus, nor one that the value or the program has thrown itself. */
function isRaw(error: unknown): boolean {
  if (error instanceof Own || error instanceof GradusError) return false;
  return !/proxy that has been revoked/.test(String((error as Error | undefined)?.message));
}

/** Names of hostile values, by the place where they are left out. */
export type Skipped = Readonly<Record<string, readonly string[]>>;

/** Calls each export with each hostile value in place of each argument, option and element of a list, then what it gives. */
export async function sweep(
  exports: Readonly<Record<string, unknown>>,
  calls: Calls,
  skipped: Skipped,
  found: (finding: Finding) => void,
): Promise<void> {
  const run = (name: string, args: readonly unknown[]): unknown => {
    if (name.includes(".")) return (args[0] as AnyFunction)(...args.slice(1));
    const fn = exports[name] as AnyFunction;
    return /^[A-Z]/.test(name) ? Reflect.construct(fn, args) : fn(...args);
  };
  const each = async (where: string, call: (bad: unknown) => unknown): Promise<void> => {
    for (const [value, make] of Object.entries(hostile)) {
      if (skipped[where]?.includes(value)) continue;
      const { error } = await outcome(() => call(make()));
      if (error !== undefined && isRaw(error)) found({ where, value, error });
    }
  };
  for (const name of Object.keys(calls)) {
    const first = name.includes(".") ? 1 : 0;
    const good = calls[name]();
    for (let i = first; i < good.length; i++) {
      const argument = `${name}, argument ${i + 1 - first}`;
      const given = good[i];
      const change = (where: string, changed: (given: never, bad: unknown) => unknown): Promise<void> =>
        each(where, (bad) => {
          const args = calls[name]();
          return run(name, args.with(i, changed(args[i] as never, bad)));
        });
      await change(argument, (_, bad) => bad);
      if (Array.isArray(given) && given.length > 0) {
        await change(`${argument}[0]`, (list: unknown[], bad) => list.with(0, bad));
        for (let k = 0; Array.isArray(given[0]) && k < given[0].length; k++) {
          await change(`${argument}[0][${k}]`, (list: unknown[][], bad) =>
            list.with(0, list[0].with(k, bad)),
          );
        }
      }
      if (!isPlain(given)) continue;
      const listed = await optionsOf((options) => run(name, calls[name]().with(i, { ...given, ...options })));
      for (const option of new Set([...Object.keys(given), ...listed])) {
        await change(`${name}, ${option}`, (options: object, bad) => ({ ...options, [option]: bad }));
      }
    }
    const { result } = await outcome(() => run(name, good));
    if (typeof result === "function") await each(`${name}(…)()`, (bad) => (result as AnyFunction)(bad));
    for (const method of methodsOf(result)) {
      await each(`${name}(…).${method}`, async (bad) => {
        const object = (await run(name, calls[name]())) as Record<string, AnyFunction>;
        return object[method](bad);
      });
    }
  }
}

/** The methods of an object that a call gives; those of tensors are the ops. */
function methodsOf(object: unknown): string[] {
  if (typeof object !== "object" || object === null || Array.isArray(object) || object instanceof Tensor)
    return [];
  if (ArrayBuffer.isView(object) || object instanceof Map) return [];
  const names = new Set<string>();
  for (let at = object; at !== Object.prototype && at !== null; at = Object.getPrototypeOf(at)) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      if (typeof value === "function" && !/^(constructor|toString|toJSON)$/.test(name)) names.add(name);
    }
  }
  return [...names];
}

/** Messages of the engine that name the cause: the value itself cannot be used any more. */
const OF_THE_VALUE = /detached ArrayBuffer/;

/**
 * Tests that no hostile value in place of an argument, an option, an element of a list or the argument of a method ends in an error
 * of the engine, such as "Cannot read properties of undefined".
 *
 * @param calls a call of each function and class, as in `describeExtraArguments`.
 * @param left the places that keep the engine's error, each a pattern of `where`, with the reason.
 * @param skipped the values that are right at a place, and take for ever.
 */
export function describeHostile(
  exports: Readonly<Record<string, unknown>>,
  calls: Calls,
  left: readonly (readonly [where: RegExp, reason: string])[] = [],
  skipped: Skipped = {},
): void {
  // Methods of tensors are the ops, which are functions too.
  const names = Object.keys(calls).filter((name) => !name.startsWith("tensor."));
  test(`R8, R12: hostile values: ${names.length} functions`, { timeout: 60_000 }, async () => {
    const raw: string[] = [];
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // most of the time would go into stacks that nobody reads
    const used = new Set<RegExp>();
    try {
      await sweep(
        exports,
        Object.fromEntries(names.map((name) => [name, calls[name]])),
        skipped,
        ({ where, value, error }) => {
          if (OF_THE_VALUE.test(String(error))) return;
          const known = left.find(([place]) => place.test(where));
          if (known) used.add(known[0]);
          else raw.push(`${where} = ${value}: ${error}`);
        },
      );
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    expect(raw).toEqual([]);
    expect(left.filter(([place]) => !used.has(place)).map(String)).toEqual([]);
  });
}
