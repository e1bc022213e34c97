/// <reference types="node" />
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { ArgumentError, show } from "@gradus/core";
import type { Callback, Training } from "../callbacks.ts";
import type { EpochLog } from "../history.ts";

/** Options of {@link csvLog}. */
export interface CsvLogOptions {
  /** What to do if the file is there already: `"refuse"` (the default), `"append"` rows to it, or `"overwrite"` it. */
  readonly existing?: "refuse" | "append" | "overwrite";
}

/**
 * Writes a row of comma-separated values after each epoch, under a header with the names. Each row is on disk before
 * the next epoch begins. No file is made or changed if training does not begin.
 *
 * @throws ArgumentError when training begins, if the file is there already and `existing` does not say what to do, or
 *   says to append and the file has other columns.
 * @example await fit(net, train, { ..., callbacks: [csvLog("history.csv")] });
 */
export function csvLog(path: string, { existing = "refuse" }: CsvLogOptions = {}): Callback {
  if (typeof path !== "string" || path === "")
    throw new ArgumentError(`csvLog: needs a path, got ${show(path)}`);
  if (!["refuse", "append", "overwrite"].includes(existing)) {
    throw new ArgumentError(
      `csvLog: existing must be "refuse", "append" or "overwrite", got ${show(existing)}`,
    );
  }
  let columns: readonly string[] = [];
  /** Makes the file ready for the first row. */
  let prepare: (() => void) | undefined;
  return {
    onTrainBegin({ logged }: Training) {
      columns = ["epoch", ...logged];
      const there = existsSync(path);
      if (there && existing === "refuse") {
        throw new ArgumentError(`csvLog: ${path} is there already; pass existing: "append" or "overwrite"`);
      }
      const header = columns.join(",");
      const old = there && existing === "append" ? readFileSync(path, "utf8") : "";
      prepare = old === "" ? () => writeFileSync(path, `${header}\n`) : undefined;
      if (old === "") return;
      const [first] = old.split(/\r?\n/, 1);
      if (first !== header) {
        throw new ArgumentError(
          `csvLog: ${path} has the columns ${first}, not ${header}; pass another path or existing: "overwrite"`,
        );
      }
      // A row that was cut short must not swallow the next one.
      if (!old.endsWith("\n")) prepare = () => appendFileSync(path, "\n");
    },
    onEpochBegin() {
      // Not when training begins: another callback may still refuse.
      prepare?.();
      prepare = undefined;
    },
    onEpochEnd(log: EpochLog) {
      appendFileSync(path, `${columns.map((name) => log[name] ?? "").join(",")}\n`);
    },
  };
}
