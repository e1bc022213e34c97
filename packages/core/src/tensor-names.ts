import type { Storage } from "./storage.ts";

/** Names of tensors for reports, by their storages. An optimizer gives names to its parameters and slots. */
export const tensorNames: WeakMap<Storage, string> = new WeakMap();
