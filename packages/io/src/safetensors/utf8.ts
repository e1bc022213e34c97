import { GradusError } from "@gradus/core";

/** The part of the Encoding standard that is used. Node and browsers have it, but no common type library declares it. */
interface Encoding {
  readonly TextEncoder?: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder?: new (
    label: "utf-8",
    options: { readonly fatal: boolean; readonly ignoreBOM: true },
  ) => { decode(bytes: Uint8Array): string };
}

/** The bytes of a text. @throws GradusError in a host that has no TextEncoder. @internal */
export function encodeUtf8(text: string): Uint8Array {
  const { TextEncoder } = globalThis as Encoding;
  if (typeof TextEncoder !== "function") throw missing("TextEncoder", "written");
  return new TextEncoder().encode(text);
}

/**
 * The text of some bytes. A byte order mark stays in it, because a name may start with one.
 *
 * @param broken what to do with bytes that are not UTF-8: throw, or take each for U+FFFD.
 * @throws GradusError in a host that has no TextDecoder. @internal
 */
export function decodeUtf8(bytes: Uint8Array, broken: "throw" | "replace"): string {
  const { TextDecoder } = globalThis as Encoding;
  if (typeof TextDecoder !== "function") throw missing("TextDecoder", "read");
  return new TextDecoder("utf-8", { fatal: broken === "throw", ignoreBOM: true }).decode(bytes);
}

function missing(name: string, done: string): GradusError {
  return new GradusError(
    `safetensors: this host has no ${name}, without which no weights can be ${done}. Define globalThis.${name} first`,
  );
}
