/// <reference types="node" />
import { appendFileSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { ArgumentError, FormatError, noMore, ranges, resolveOptions, show } from "@gradus/core";
import { warn } from "@gradus/core/internal";
import { storageError } from "@gradus/core/text";
import { type Callback, ownCallback, type Training } from "../callbacks.ts";
import type { EpochLog } from "../history.ts";

/** Options of {@link csvLog}. */
export interface CsvLogOptions {
  /** The action if the file exists: `"refuse"` (the default) throws, `"append"` adds rows, `"overwrite"` replaces it. */
  readonly existing?: "refuse" | "append" | "overwrite";
}

const defaults = { existing: "refuse" } as const;
const allowed = { existing: ranges.oneOf("refuse", "append", "overwrite") };

/**
 * Writes a row of comma-separated values after each epoch, under a header with the names. Each row is in the file before
 * the next epoch begins. No file is created or changed if training does not begin. Tables, such as a confusion matrix, are left
 * out, with a warning: they stand in `history.tables`.
 *
 * @throws ArgumentError for options out of range; when training begins, if the file exists and `existing` is `"refuse"`, or
 *   `existing` is `"append"` and the file has other columns; StorageError if it cannot be written.
 * @example await fit(net, train, { ..., callbacks: [csvLog("history.csv")] });
 */
export function csvLog(path: string, options: CsvLogOptions = {}, ...extra: readonly undefined[]): Callback {
  noMore("csvLog", "path, options", extra);
  if (typeof path !== "string" || path === "")
    throw new ArgumentError(`csvLog: needs a path, got ${show(path)}`);
  const { existing } = resolveOptions<Required<CsvLogOptions>>("csvLog", options, defaults, allowed);
  let columns: readonly string[] = [];
  /** The number of bytes that the file has so far. */
  let length = 0;
  /** Creates, truncates or completes the file before the first row. */
  let prepare: (() => void) | undefined;
  const rowOf = (log: EpochLog): string => columns.map((name) => log[name] ?? "").join(",");
  const attempted = <T>(run: () => T): T => {
    try {
      return run();
    } catch (cause) {
      throw storageError(`csvLog: cannot write ${path}`, cause);
    }
  };
  const write = (text: string): void => {
    attempted(() => appendFileSync(path, text));
    length += Buffer.byteLength(text);
  };
  return ownCallback({
    name: `csvLog ${basename(path)}`,
    state: () => ({ length }),
    restore(state) {
      const saved = (Object(state) as { length?: unknown }).length;
      if (!Number.isSafeInteger(saved) || (saved as number) < 0) {
        throw new FormatError(`csvLog: not a state: ${show(state)}`);
      }
      length = saved as number;
    },
    onTrainBegin({ logged, tables, resumed, history }: Training) {
      if (tables.length > 0) {
        warn(`csvLog: the tables ${tables.join(", ")} are not in the file; they are in history.tables`);
      }
      columns = ["epoch", ...logged];
      const header = columns.join(",");
      if (resumed && length > 0) {
        // Remove rows of epochs after the checkpoint: they will be written again.
        prepare = () => {
          if (existsSync(path) && statSync(path).size >= length) return truncateSync(path, length);
          writeFileSync(path, "");
          length = 0;
          write(`${[header, ...history.epochs.map(rowOf)].join("\n")}\n`);
        };
        return;
      }
      const there = existsSync(path);
      if (there && existing === "refuse") {
        throw new ArgumentError(`csvLog: ${path} is there already; pass existing: "append" or "overwrite"`);
      }
      const old = there && existing === "append" ? attempted(() => readFileSync(path, "utf8")) : "";
      length = Buffer.byteLength(old);
      if (old === "") {
        prepare = () => {
          writeFileSync(path, "");
          write(`${header}\n`);
        };
        return;
      }
      const [first] = old.split(/\r?\n/, 1);
      if (first !== header) {
        throw new ArgumentError(
          `csvLog: ${path} has the columns ${first}, not ${header}; pass another path or existing: "overwrite"`,
        );
      }
      // The last row may be incomplete: the next one must start on a new line.
      prepare = old.endsWith("\n") ? undefined : () => write("\n");
    },
    onEpochBegin() {
      // Not in onTrainBegin: another callback may still throw there.
      if (prepare) attempted(prepare);
      prepare = undefined;
    },
    onEpochEnd(log: EpochLog) {
      write(`${rowOf(log)}\n`);
    },
  });
}
