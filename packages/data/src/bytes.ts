import { ArgumentError, show, tagOf } from "@gradus/core";

/** Throws unless `bytes` is a `Uint8Array` (a Node `Buffer` is one); the message says how to make one. @internal */
export function checkBytes(bytes: unknown, who: string): asserts bytes is Uint8Array {
  if (tagOf(bytes) === "Uint8Array") return;
  const hint = tagOf(bytes) === "ArrayBuffer" ? ". Wrap it: new Uint8Array(buffer)" : "";
  throw new ArgumentError(`${who}: needs the bytes as a Uint8Array, got ${show(bytes)}${hint}`);
}
