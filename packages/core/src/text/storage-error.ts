import { GradusError } from "../errors.ts";

/** A file or checkpoint could not be written, read or found: the disk is full, the folder is missing or read-only. */
export class StorageError extends GradusError {
  override name = "StorageError";
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EROFS: "the disk can only be read",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  ENOENT: "there is no such folder or file; was it removed?",
  ENOTDIR: "a part of the path is a file, not a folder",
  EEXIST: "there is a file of that name",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "it is a link to itself",
  EMFILE: "too many files are open",
  EIO: "the disk reports an error",
};

/** Runs an operation on files; an error of it becomes a StorageError. @param what the start of the message. @internal */
export async function attempt<T>(what: string, run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw storageError(what, cause);
  }
}

/** An error of the file system as a StorageError, any other one as it is. @param what the start of the message. @internal */
export function storageError(what: string, cause: unknown): unknown {
  const { code, message } = Object(cause) as { readonly code?: unknown; readonly message?: string };
  if (typeof code !== "string") return cause;
  return new StorageError(`${what}: ${REASONS[code] ?? message} (${code})`, { cause });
}
