/// <reference types="node" />
import { appendFileSync, existsSync, statSync, writeFileSync } from "node:fs";
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
 * the next epoch begins. No file is made if training does not begin.
 *
 * @throws ArgumentError when training begins, if the file is there already and `existing` does not say what to do.
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
  return {
    onTrainBegin({ logged }: Training) {
      columns = ["epoch", ...logged];
      const there = existsSync(path);
      if (there && existing === "refuse") {
        throw new ArgumentError(`csvLog: ${path} is there already; pass existing: "append" or "overwrite"`);
      }
      const isNew = !there || existing === "overwrite" || statSync(path).size === 0;
      if (isNew) writeFileSync(path, `${columns.join(",")}\n`);
    },
    onEpochEnd(log: EpochLog) {
      appendFileSync(path, `${columns.map((name) => log[name] ?? "").join(",")}\n`);
    },
  };
}
