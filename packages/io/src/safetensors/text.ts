/**
 * Whether a text has half of a surrogate pair, as in `"\ud800"`: such a text has no UTF-8 bytes, so it can be neither
 * written nor compared with other readers' names. @internal
 */
export function hasLoneSurrogate(text: string): boolean {
  // With the flag u, whole pairs are one character of another class.
  return /\p{Surrogate}/u.test(text);
}
