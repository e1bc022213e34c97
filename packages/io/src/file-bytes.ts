/**
 * The bytes of a file, as `new Blob([bytes])` takes them. For TypeScript 5.7 and newer it is `Uint8Array<ArrayBuffer>`, for
 * older versions, in which `Uint8Array` has no type argument, `Uint8Array`.
 */
export type FileBytes = ReturnType<Uint8Array["slice"]>;
