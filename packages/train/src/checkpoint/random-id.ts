declare const crypto: { getRandomValues(values: Uint32Array): Uint32Array };

/** A name that nobody else has, of letters and digits. (`crypto.randomUUID` exists only on pages with HTTPS.) @internal */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(2)), (word) => word.toString(36)).join("");
}
