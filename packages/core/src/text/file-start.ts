import { FormatError } from "../format-error.ts";
import { show } from "../shape.ts";

/** Whether a file is gzip, by its first bytes. @example isGzip(new Uint8Array([0x1f, 0x8b, 8])); // true */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Whether a text is an HTML or XML page, by its first characters.
 *
 * @example isPage("<!doctype html><title>404</title>"); // true
 */
export function isPage(text: string): boolean {
  return /^\uFEFF?\s*<(?:[!?]|(?:html|head|body|title|script|meta|h1|error)\b)/i.test(text);
}

/** The end of a message about a page in place of a file: the likely cause and the way out. */
export const PAGE_SAVED =
  "Most likely a server's error page saved as data. Check the address and the status of the download";

/** Number of bytes of a file that {@link fileKind} and {@link wrongStart} read. */
export const START = 1024;

/** A kind of file that is often given by mistake: its name with the article, and the way out. */
export interface FileKind {
  readonly what: string;
  readonly wayOut: string;
}

/**
 * The kind of a file, by its first bytes, if it is one that is often given by mistake: a page, a Git LFS pointer, a ZIP
 * archive, gzip. Undefined for all others.
 *
 * @param bytes the file, or its first {@link START} bytes.
 * @example fileKind(new TextEncoder().encode("<html>")); // { what: "an HTML page", wayOut: "Most likely …" }
 */
export function fileKind(bytes: Uint8Array): FileKind | undefined {
  const text = textOf(bytes);
  if (isPage(text)) return { what: "an HTML page", wayOut: PAGE_SAVED };
  if (text.startsWith("version https://git-lfs")) {
    return { what: "a Git LFS pointer", wayOut: "Run git lfs pull" };
  }
  if (text.startsWith("PK\x03\x04")) {
    return { what: "a ZIP archive", wayOut: "Unpack it first; PyTorch's .pt files are such archives too" };
  }
  return isGzip(bytes) ? { what: "a gzip file", wayOut: "Unpack it first" } : undefined;
}

/**
 * The error for a file with a wrong start. It says what the file seems to be, else its first bytes.
 *
 * @param bytes the file, or its first {@link START} bytes.
 * @param who the beginning of the message.
 * @param expected the expected kind of file, with its article.
 * @example throw wrongStart(bytes, "readIdx", "an IDX file");
 * // FormatError: readIdx: this is a ZIP archive, not an IDX file. Unpack it first; …
 */
export function wrongStart(bytes: Uint8Array, who: string, expected: string): FormatError {
  const kind = fileKind(bytes);
  if (kind) return new FormatError(`${who}: this is ${kind.what}, not ${expected}. ${kind.wayOut}`);
  // For example "404: Not Found", or a message in JSON.
  const text = textOf(bytes);
  const words = /^[\t\n\r\x20-\x7E]{8,}$/.test(text.slice(0, 40));
  if (words) return new FormatError(`${who}: not ${expected}: it starts with the text ${show(text)}`);
  const first = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return new FormatError(`${who}: not ${expected}: it starts with the bytes ${first}`);
}

/** The start of a file, each byte as the character of that number. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, START)).replace(/^\xEF\xBB\xBF/, "");
}
