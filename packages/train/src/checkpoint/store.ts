import { GradusError } from "@gradus/core";
import type { FileBytes } from "@gradus/io";

/** Stores checkpoints, each under a name. */
export interface CheckpointStore {
  /** The folder or database, as messages name it. */
  readonly place: string;
  /** Prepares the store, and removes the remains of interrupted saves. */
  open(): Promise<void>;
  /** The names of all checkpoints. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Stores a checkpoint: all of it, or, if this throws, nothing. */
  write(name: string, bytes: FileBytes): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A file or checkpoint could not be written, read or found: the disk is full, the folder is missing or read-only. */
export class StorageError extends GradusError {
  override name = "StorageError";
}
