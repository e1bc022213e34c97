/**
 * Whether a text has half of a surrogate pair, as in `"\ud800"`: such a text has no UTF-8 form, so it can be neither
 * written nor read by others. @internal
 */
export function hasLoneSurrogate(text: string): boolean {
  // With the flag u, a whole pair is one character and not a surrogate.
  return /\p{Surrogate}/u.test(text);
}
