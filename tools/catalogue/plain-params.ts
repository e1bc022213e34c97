/** Params of a call as plain data, for pages and files: JSON has no tensors, no random streams and no infinite numbers. */
import { type NestedNumbers, Rng, type RngState, restoreRng, Tensor, tensor } from "@gradus/core";

/** What JSON can hold. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** A value as plain data: `{ $tensor }`, `{ $rng }` and `{ $number }` stand for what JSON does not have. */
export function toPlain(value: unknown): Plain {
  if (value instanceof Tensor) return { $tensor: value.toArray() as Plain };
  if (value instanceof Rng) return { $rng: { ...value.state() } };
  if (typeof value === "number") return Number.isFinite(value) ? value : { $number: String(value) };
  if (typeof value === "boolean" || typeof value === "string" || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== "object") throw new TypeError(`no plain data for ${String(value)}`);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== undefined)
      .map(([key, entry]) => [key, toPlain(entry)]),
  );
}

/** The value again; a random stream goes on where it was. */
export function fromPlain(plain: Plain): unknown {
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (typeof plain !== "object" || plain === null) return plain;
  const { $tensor, $rng, $number } = plain as Record<string, Plain>;
  if ($tensor !== undefined) return tensor($tensor as NestedNumbers);
  if ($rng !== undefined) return restoreRng($rng as unknown as RngState);
  if ($number !== undefined) return Number($number);
  return Object.fromEntries(Object.entries(plain).map(([key, entry]) => [key, fromPlain(entry)]));
}

/** `{ axis: 1, rng }`: plain data as code. */
export function plainText(plain: Plain): string {
  if (Array.isArray(plain)) return `[${plain.map(plainText).join(", ")}]`;
  if (typeof plain !== "object" || plain === null) return JSON.stringify(plain);
  const { $tensor, $rng, $number } = plain as Record<string, Plain>;
  if ($tensor !== undefined) return `tensor(${plainText($tensor)})`;
  if ($rng !== undefined) return "rng";
  if ($number !== undefined) return String($number);
  const entries = Object.entries(plain).map(([key, entry]) => {
    const text = plainText(entry);
    return text === key ? key : `${key}: ${text}`;
  });
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}
