import { FormatError, show } from "@gradus/core";
import { Sha256 } from "@gradus/core/internal";

/** The key of the metadata entry for the kind of a file: `"weights"` or `"checkpoint"`. @internal */
export const KIND = "gradus";

/**
 * The key of the metadata entry for the digest: SHA-256 of the whole file, in which its own 64 digits are counted as zeros.
 * @internal
 */
export const DIGEST = "gradus.sha256";

/** 64 digits, to be replaced by {@link seal}. @internal */
export const NO_DIGEST: string = "0".repeat(64);

/** The text of a digest, and the byte of the header that follows it. @internal */
export interface Digest {
  readonly text: string;
  readonly end: number;
}

/** Writes the digest into a file whose header has the entry {@link DIGEST} with {@link NO_DIGEST}. @param end the byte after these. @internal */
export function seal(file: Uint8Array, end: number): void {
  const text = digestOf(file, end);
  for (let i = 0; i < text.length; i++) file[end - text.length + i] = text.charCodeAt(i);
}

/**
 * Checks that a file is as it was written: one changed bit is an error. Files of other software have no digest; files of
 * gradus do.
 *
 * @param start the byte at which the header begins.
 * @throws FormatError @internal
 */
export function checkDigest(
  file: Uint8Array,
  start: number,
  {
    metadata,
    digest,
  }: { readonly metadata: ReadonlyMap<string, string>; readonly digest: Digest | undefined },
): void {
  if (digest === undefined) {
    if (!metadata.has(KIND)) return;
    throw new FormatError(
      `safetensors: the file is damaged: its metadata say that gradus wrote it, and have no ${show(DIGEST)}`,
    );
  }
  const found = digestOf(file, start + digest.end);
  if (digest.text === found) return;
  throw new FormatError(
    `safetensors: the file is damaged: its SHA-256 is ${found}, and was ${show(digest.text)} when it was written. ` +
      `(If another program changed the file on purpose, it must leave out the metadata ${show(DIGEST)} and ${show(KIND)}.)`,
  );
}

/** @param end the byte after the 64 digits of the digest. */
function digestOf(file: Uint8Array, end: number): string {
  const zeros = new Uint8Array(NO_DIGEST.length).fill(0x30);
  const sha = new Sha256().bytes(file.subarray(0, end - zeros.length)).bytes(zeros);
  return sha.bytes(file.subarray(end)).digest();
}
