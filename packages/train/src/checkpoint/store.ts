import { GradusError } from "@gradus/core";

/** A place for checkpoints, each under a name. */
export interface CheckpointStore {
  /** Its name in messages: the folder, the database. */
  readonly place: string;
  /** Makes it ready, and clears away what an interrupted save left behind. */
  open(): Promise<void>;
  /** The names of all checkpoints. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Keeps a checkpoint. Afterwards it is there as a whole, or, if this throws, as it was before. */
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(name: string): Promise<void>;
}

/** A checkpoint could not be written, read or found: the disk is full, the folder gone, or not to be written to. */
export class StorageError extends GradusError {
  override name = "StorageError";
}
