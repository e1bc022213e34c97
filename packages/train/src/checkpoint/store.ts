import type { FileBytes } from "@gradus/io";

/** Stores checkpoints, each under a name. */
export interface CheckpointStore {
  /** The folder or database, as messages name it. */
  readonly place: string;
  /**
   * Prepares the store for one training, and removes the remains of interrupted saves.
   *
   * @throws StorageError if another training has it open; not if that one's process has ended.
   */
  open(): Promise<void>;
  /**
   * Gives the store up: `fit` calls it after `open`, at every end of training. A store without `close` cannot refuse a
   * second training that runs elsewhere.
   */
  close?(): Promise<void>;
  /** The names of all checkpoints. */
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Stores a checkpoint: all of it, or, if this throws, nothing. */
  write(name: string, bytes: FileBytes): Promise<void>;
  remove(name: string): Promise<void>;
}

export { StorageError } from "@gradus/core/text";
