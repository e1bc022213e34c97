/** What a program says before it ends with exit code 1. */
import { GradusError } from "@gradus/core";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EROFS: "the disk can only be read",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "a part of the path is a file, not a folder",
  EISDIR: "it is a folder",
};

/**
 * A sentence for an error that is no fault of the program: one of gradus, or a file that cannot be written or read. Undefined for
 * all others, which are to be thrown.
 *
 * @example sentenceFor(error); // "cannot write out/spirals.svg: permission is denied. Run it in a folder that …"
 */
export function sentenceFor(error: unknown): string | undefined {
  if (error instanceof GradusError) return `${error.name}: ${error.message}`;
  const { code, path, syscall } = Object(error) as NodeJS.ErrnoException;
  if (code === undefined || path === undefined) return undefined;
  const reason = REASONS[code] ?? code;
  const reading = syscall === "scandir" || syscall === "read";
  return reading
    ? `cannot read ${path}: ${reason}`
    : `cannot write ${path}: ${reason}. Run it in a folder that can be written to`;
}

/** Runs a program. If it fails for such a reason, it prints the sentence and sets the exit code 1. */
export async function runProgram(main: () => unknown): Promise<void> {
  try {
    await main();
  } catch (error) {
    const sentence = sentenceFor(error);
    if (sentence === undefined) throw error;
    console.error(`\n${sentence}`);
    process.exitCode = 1;
  }
}
