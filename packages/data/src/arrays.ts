import { ArgumentError, show } from "@gradus/core";

// The tag also works for arrays of another window, worker or vm context; instanceof does not.

/** The built-in type of a value, such as `[object Float64Array]`. @internal */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value);
}

/** Whether a value is a typed array of a type, such as `"Float64"`. @internal */
export function isArrayOf(type: string, value: unknown): boolean {
  return ArrayBuffer.isView(value) && tagOf(value) === `[object ${type}Array]`;
}

/** Throws unless `bytes` is a `Uint8Array` (a Node `Buffer` is one); the message says how to make one. @internal */
export function checkBytes(bytes: unknown, who: string): asserts bytes is Uint8Array {
  if (isArrayOf("Uint8", bytes)) return;
  const hint = /ArrayBuffer\]$/.test(tagOf(bytes)) ? ". Wrap it: new Uint8Array(buffer)" : "";
  throw new ArgumentError(`${who}: needs the bytes as a Uint8Array, got ${show(bytes)}${hint}`);
}
