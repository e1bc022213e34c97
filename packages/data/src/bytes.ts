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
  return /^\uFEFF?\s*<(?:!|\?|html|head|body)/i.test(text);
}

/** The error for a file that does not start as it should: says what it seems to be instead. @internal */
export function wrongStart(bytes: Uint8Array, who: string, expected: string): FormatError {
  const start = bytes.subarray(0, 64);
  const text = String.fromCharCode(...start).replace(/^\xEF\xBB\xBF/, "");
  if (isPage(text)) {
    return new FormatError(
      `${who}: this is an HTML page, not ${expected}: most likely a server's error page saved as data. ` +
        "Check the address and the status of the download",
    );
  }
  if (text.startsWith("version https://git-lfs")) {
    return new FormatError(`${who}: this is a Git LFS pointer, not ${expected}. Run git lfs pull`);
  }
  const first = [...start.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return new FormatError(`${who}: not ${expected}: it starts with the bytes ${first}`);
}
