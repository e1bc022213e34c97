export { alignColumns } from "./columns.ts";
export { type FileKind, fileKind, isGzip, isPage, PAGE_SAVED, START, wrongStart } from "./file-start.ts";
export { attempt, StorageError, storageError } from "./storage-error.ts";
