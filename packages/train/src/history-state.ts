import { ArgumentError, FormatError, show, Tensor, tagOf } from "@gradus/core";
import type { EpochLog, EpochTables } from "./history.ts";

/** A history as it is saved. @internal */
export interface PackedHistory {
  readonly epochs: readonly PackedEpochs[];
  /** Each digest as 8 numbers of 32 bits. */
  readonly hashes: Float64Array;
  /** For each epoch. */
  readonly tables?: readonly Readonly<Record<string, Tensor>>[];
  readonly stopped?: string;
}

/** Epochs in a row that have the same values. @internal */
export interface PackedEpochs {
  /** The names of the values: `epoch`, `loss`, … */
  readonly names: readonly string[];
  /** [epochs, names] */
  readonly values: Tensor;
}

/** @throws ArgumentError if an epoch has a value that is no number. @internal */
export function packEpochs(epochs: readonly EpochLog[]): PackedEpochs[] {
  const runs: { readonly names: readonly string[]; readonly rows: number[]; count: number }[] = [];
  for (const log of epochs) {
    const names = Object.keys(log).filter((name) => log[name] !== undefined);
    let run = runs.at(-1);
    if (
      run === undefined ||
      run.names.length !== names.length ||
      run.names.some((name, i) => name !== names[i])
    ) {
      run = { names, rows: [], count: 0 };
      runs.push(run);
    }
    for (const name of names) {
      const value: unknown = log[name];
      if (typeof value !== "number") {
        throw new ArgumentError(
          `checkpoint: ${show(name)} of epoch ${log.epoch} of the history is ${show(value)}, not a number`,
        );
      }
      run.rows.push(value);
    }
    run.count++;
  }
  return runs.map(({ names, rows, count }) => {
    return { names, values: new Tensor(Float64Array.from(rows), [count, names.length]) };
  });
}

/** @throws FormatError for anything that {@link packEpochs} does not give. @internal */
export function unpackEpochs(runs: unknown): EpochLog[] {
  if (!Array.isArray(runs)) throw new FormatError(`epochs must be a list, got ${show(runs)}`);
  const epochs: EpochLog[] = [];
  for (const run of runs) {
    const { names, values } = Object(run) as Partial<Record<keyof PackedEpochs, unknown>>;
    const named = Array.isArray(names) && names.every((name) => typeof name === "string");
    if (!named || !(values instanceof Tensor) || values.rank !== 2 || values.shape[1] !== names.length) {
      throw new FormatError(
        `epochs must have names and a matrix of values, got ${show(names)} and ${show(values)}`,
      );
    }
    const { data, shape } = values;
    for (let at = 0, row = 0; row < shape[0]; row++, at += names.length) {
      epochs.push(Object.fromEntries(names.map((name, i) => [name, data[at + i]])) as EpochLog);
    }
  }
  return epochs;
}

/** @param hashes of 64 hexadecimal digits each. @internal */
export function packHashes(hashes: readonly string[]): Float64Array {
  const out = new Float64Array(8 * hashes.length);
  for (let i = 0; i < out.length; i++) {
    const at = 8 * (i % 8);
    out[i] = Number.parseInt(hashes[(i - (i % 8)) / 8].slice(at, at + 8), 16);
  }
  return out;
}

/** @throws FormatError for anything that {@link packHashes} does not give. @internal */
export function unpackHashes(state: unknown): string[] {
  const words = state as Float64Array;
  const whole = (word: number): boolean => Number.isInteger(word) && word >= 0 && word <= 0xffffffff;
  if (tagOf(state) !== "Float64Array" || words.length % 8 !== 0 || !words.every(whole)) {
    throw new FormatError(`hashes must be 8 numbers of 32 bits each, got ${show(words)}`);
  }
  const digits = (word: number): string => word.toString(16).padStart(8, "0");
  return Array.from({ length: words.length / 8 }, (_, i) =>
    Array.from(words.subarray(8 * i, 8 * i + 8), digits).join(""),
  );
}

/** Each table as a tensor: a list, or a matrix by rows. @internal */
export function packTables(tables: readonly EpochTables[]): Readonly<Record<string, Tensor>>[] {
  return tables.map((byName) =>
    Object.fromEntries(
      Object.entries(byName).map(([name, table]) => {
        const [first] = table;
        const shape = typeof first === "object" ? [table.length, first.length] : [table.length];
        return [
          name,
          new Tensor(Float64Array.from((table as readonly (number | readonly number[])[]).flat()), shape),
        ];
      }),
    ),
  );
}

/** @throws FormatError for anything that {@link packTables} does not give. @internal */
export function unpackTables(state: unknown): EpochTables[] {
  if (!Array.isArray(state)) throw new FormatError(`tables must be a list, got ${show(state)}`);
  return state.map((byName: unknown) =>
    Object.fromEntries(
      Object.entries(Object(byName)).map(([name, x]) => {
        if (!(x instanceof Tensor) || (x.rank !== 1 && x.rank !== 2)) {
          throw new FormatError(`the table ${show(name)} must be a list or a matrix, got ${show(x)}`);
        }
        if (x.rank === 1) return [name, Array.from(x.data)];
        const [rows, columns] = x.shape;
        const row = (_: unknown, i: number): number[] =>
          Array.from(x.data.subarray(i * columns, (i + 1) * columns));
        return [name, Array.from({ length: rows }, row)];
      }),
    ),
  );
}
