/**
 * Whether a text has half of a surrogate pair, as in `"\ud800"`: such a text has no UTF-8 form, so it can be neither
 * written nor read by others. @internal
 */
export function hasLoneSurrogate(text: string): boolean {
  // With the flag u, a whole pair is one character and not a surrogate.
  return /\p{Surrogate}/u.test(text);
}

/** A text of a file for a message: characters that cannot be seen, or that turn the line around, as JSON writes them. @internal */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, (character) =>
    Array.from(character, (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""),
  );
}
