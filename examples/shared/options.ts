/** Parsers of command-line options: they refuse invalid values before any work. */
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/** A file that can be written when the work is done. */
export function writableFile(text: string): string {
  const path = resolve(text);
  if (existsSync(path) && !statSync(path).isFile()) throw new InvalidArgumentError(`${path} is not a file.`);
  try {
    // The slash at the end: a file is no folder.
    accessSync(existsSync(path) ? path : `${dirname(path)}/`, constants.W_OK);
  } catch {
    throw new InvalidArgumentError(`${path} cannot be written: is there such a folder?`);
  }
  return path;
}

/** A folder that can be written to; it is created if it does not exist. */
export function writableFolder(text: string): string {
  const path = resolve(text);
  try {
    mkdirSync(path, { recursive: true });
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new InvalidArgumentError(
      `${path} is no folder to write to (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
  return path;
}

/** Parses a whole number ≥ `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`It must be a whole number ≥ ${least}.`);
  };
}
