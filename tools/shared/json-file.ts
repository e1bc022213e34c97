import { accessSync, constants, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Writes results to the file of `--json`; without a path it writes nothing. Throws at once if the folder cannot be written
 * to, not only after all the work.
 *
 * @example
 * const writeJson = jsonFile(values.json);
 * writeJson({ equal: true });
 */
export function jsonFile(path: string | undefined): (value: unknown) => void {
  if (path === undefined) return () => {};
  accessSync(dirname(resolve(path)), constants.W_OK);
  return (value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
