import { ArgumentError, nearestName, type PerInput, show } from "@gradus/core";
import { isNamed } from "@gradus/core/internal";

/** One value for each input of a dataset: a single one without a name, or several with names. @internal */
export class InputList<T> {
  /** The names, in the order in which they were given; undefined for an input without a name. */
  readonly names: readonly string[] | undefined;
  readonly values: readonly T[];

  constructor(names: readonly string[] | undefined, values: readonly T[]) {
    this.names = names;
    this.values = values;
  }

  /** @param f gets the value, the name of the input, if it has one, and its place. */
  map<U>(f: (value: T, name: string | undefined, i: number) => U): InputList<U> {
    return new InputList(
      this.names,
      this.values.map((value, i) => f(value, this.names?.[i], i)),
    );
  }

  /** The value, or an object with a value for each name. */
  get shown(): PerInput<string, T> {
    return this.names === undefined
      ? this.values[0]
      : (Object.fromEntries(this.names.map((name, i) => [name, this.values[i]])) as Record<string, T>);
  }

  /** The value, or an object of those of the names that have one; undefined if none has. */
  get shownSome(): Exclude<T, undefined> | Readonly<Record<string, T>> | undefined {
    if (this.names === undefined) return this.values[0] as Exclude<T, undefined> | undefined;
    const some = this.names.flatMap((name, i) =>
      this.values[i] === undefined ? [] : [[name, this.values[i]]],
    );
    return some.length === 0 ? undefined : Object.fromEntries(some);
  }

  /** The value of one input. Throws unless the name is that of one, or is left out where there is no name. */
  of(name: string | undefined, who: string): T {
    const { names } = this;
    if (names === undefined && name === undefined) return this.values[0];
    const index = name === undefined ? -1 : (names?.indexOf(name) ?? -1);
    if (index >= 0) return this.values[index];
    throw new ArgumentError(
      names === undefined
        ? `${who}: the dataset has one input without a name, so input ${show(name)} is not one of it`
        : name === undefined
          ? `${who}: the dataset has several inputs; say which one: { input: ${show(names[0])} }, of ${show(names)}`
          : unknownName(who, name, names),
    );
  }

  /**
   * What was given for each of these inputs, undefined for those that were left out.
   *
   * @throws ArgumentError for a value without names where there are names, and for other names.
   */
  given<U>(given: U | Readonly<Record<string, U>> | undefined, who: string): InputList<U | undefined> {
    const { names } = this;
    if (given === undefined) return this.map(() => undefined);
    if (names === undefined) return new InputList(names, [given as U]);
    const record = namedValues<U>(given, names, who);
    return this.map((_, name) =>
      Object.hasOwn(record, name as string) ? record[name as string] : undefined,
    );
  }

  /** What was given for each of these inputs. @throws ArgumentError as {@link given}, and for a name that is left out. */
  all<U>(given: U | Readonly<Record<string, U>>, who: string): InputList<U> {
    const missing = this.names?.find(
      (name) => !Object.hasOwn(namedValues(given, this.names ?? [], who), name),
    );
    if (missing === undefined) return this.given(given, who) as InputList<U>;
    throw new ArgumentError(`${who}: the input ${show(missing)} is missing; needed are ${show(this.names)}`);
  }
}

/** The list of inputs that a user gives: one value, or an object of named values. @internal */
export function inputList<T>(given: T | Readonly<Record<string, T>>, who: string): InputList<T> {
  if (!isNamed<T>(given)) return new InputList(undefined, [given as T]);
  const names = Object.keys(given);
  if (names.length === 0) {
    throw new ArgumentError(`${who}: an object of inputs needs at least one, such as { image, table }`);
  }
  return new InputList(
    names,
    names.map((name) => given[name]),
  );
}

function namedValues<U>(given: unknown, names: readonly string[], who: string): Readonly<Record<string, U>> {
  if (!isNamed<U>(given)) {
    throw new ArgumentError(
      `${who}: the dataset has the inputs ${show(names)}, so it must be an object such as { ${names[0]}: … }, got ${show(given)}`,
    );
  }
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ArgumentError(unknownName(who, unknown, names));
  return given;
}

function unknownName(who: string, name: string, names: readonly string[]): string {
  const near = nearestName(name, names);
  return `${who}: there is no input ${show(name)}, only ${show(names)}${near === undefined ? "" : `; is ${show(near)} meant?`}`;
}
