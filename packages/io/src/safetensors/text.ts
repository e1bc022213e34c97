/** Where messages cut what a file says: a broken file may say a hundred megabytes. */
const LONGEST = 60;

/** A name as it should look in a message: quoted, escaped, and not too long. @internal */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/** {@link quote} for whole numbers. @internal */
export function list(values: readonly number[]): string {
  return values.length > 8 ? `[${values.slice(0, 8)},… ${values.length} in all]` : `[${values}]`;
}

/**
 * Whether a text has half of a surrogate pair, as in `"\ud800"`: such a text has no UTF-8 bytes, so it can be neither
 * written nor compared with other readers' names. @internal
 */
export function hasLoneSurrogate(text: string): boolean {
  // With the flag u, whole pairs are one character of another class.
  return /\p{Surrogate}/u.test(text);
}
