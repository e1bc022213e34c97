import { ArgumentError, FormatError, show } from "@gradus/core";

/** Refuses anything but a `Uint8Array` (a Node `Buffer` is one), and says how to make one. @internal */
export function checkBytes(bytes: unknown, who: string): asserts bytes is Uint8Array {
  // The tag, unlike instanceof, also knows the arrays of another window or worker.
  if (Object.prototype.toString.call(bytes) === "[object Uint8Array]") return;
  const hint = bytes instanceof ArrayBuffer ? ". Wrap it: new Uint8Array(buffer)" : "";
  throw new ArgumentError(`${who}: needs the bytes as a Uint8Array, got ${show(bytes)}${hint}`);
}

/** Whether the bytes start as a gzip file does. @internal */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Whether a text starts as an HTML or XML page does. @internal */
export function isPage(text: string): boolean {
  return /^\uFEFF?\s*<(?:[!?]|(?:html|head|body|title|script|meta|h1|error)\b)/i.test(text);
}

/** What to do about a page in place of a file. @internal */
export const PAGE_SAVED =
  "most likely a server's error page saved as data. Check the address and the status of the download";

/** As much of a file as {@link wrongStart} wants to see. @internal */
export const START = 1024;

/** The error for a file that does not start as it should: says what it seems to be instead. @internal */
export function wrongStart(bytes: Uint8Array, who: string, expected: string): FormatError {
  const text = String.fromCharCode(...bytes.subarray(0, START)).replace(/^\xEF\xBB\xBF/, "");
  if (isPage(text)) return new FormatError(`${who}: this is an HTML page, not ${expected}: ${PAGE_SAVED}`);
  if (text.startsWith("version https://git-lfs")) {
    return new FormatError(`${who}: this is a Git LFS pointer, not ${expected}. Run git lfs pull`);
  }
  if (text.startsWith("PK\x03\x04")) {
    return new FormatError(`${who}: this is a ZIP archive, not ${expected}. Unpack it first`);
  }
  // Such as "404: Not Found", or a message in JSON.
  const words = /^[\t\n\r\x20-\x7E]{8,}$/.test(text.slice(0, 40));
  if (words) return new FormatError(`${who}: not ${expected}: it starts with the text ${shorten(text)}`);
  const first = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return new FormatError(`${who}: not ${expected}: it starts with the bytes ${first}`);
}

/** A text as it should look in a message, however long it is. @internal */
export function shorten(text: string): string {
  return show(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
