import { FormatError, GradusError, show } from "@gradus/core";
import { hasLoneSurrogate, visible } from "./text.ts";
import { decodeUtf8 } from "./utf8.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/**
 * Reads the parts of JSON that a safetensors header uses: objects, strings, lists of whole numbers. The caller states
 * what must come next.
 *
 * JSON.parse is not used, because it silently keeps the last of two equal keys, rounds 2^53 + 1, accepts 1.0 and −0 as
 * whole numbers, and reads a hundred megabytes to the end before a check is possible. This reader stops at the first
 * wrong byte, refuses nested values that the format does not have (so nesting needs no stack), and does not copy the
 * header.
 *
 * @internal
 */
export class HeaderReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  /** The tensor being read, for messages. */
  tensor: string | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The names in an object, one at a time; the caller must read the value of each before it takes the next name. */
  *members(what: string): Generator<string> {
    this.#expect("{", `${what} must be an object`);
    if (this.#accept("}")) return;
    const seen = new Set<string>();
    do {
      // Compared after decoding: "\u0061" and "a" are the same name.
      const name = this.string(`a name in ${what}`);
      if (seen.has(name)) throw this.error(`${show(name)} appears twice in ${what}`);
      seen.add(name);
      this.#expect(":", "after a name must come a colon");
      yield name;
    } while (this.#accept(","));
    this.#expect("}", `${what} must go on with a comma or end with }`);
  }

  /** The byte of the header that was reached. */
  get at(): number {
    return this.#at;
  }

  wholeNumbers(what: string): number[] {
    const out: number[] = [];
    this.#expect("[", `${what} must be a list`);
    if (this.#accept("]")) return out;
    do out.push(this.#wholeNumber(what));
    while (this.#accept(","));
    this.#expect("]", `${what} must go on with a comma or end with ]`);
    return out;
  }

  /** A whole number as JSON writes it: no sign, fraction, exponent or leading zero. */
  #wholeNumber(what: string): number {
    this.#skipSpace();
    const start = this.#at;
    let value = 0;
    let digit = this.#bytes[start] - 0x30;
    // Exact up to 2^53 − 1; a larger number stays larger after rounding.
    while (digit >= 0 && digit <= 9 && Number.isSafeInteger(value)) {
      value = 10 * value + digit;
      digit = this.#bytes[++this.#at] - 0x30;
    }
    const length = this.#at - start;
    const goesOn = /[\w.+-]/.test(String.fromCharCode(this.#bytes[this.#at]));
    const zeroInFront = length > 1 && this.#bytes[start] === 0x30;
    if (length === 0 || goesOn || zeroInFront || !Number.isSafeInteger(value)) {
      this.#at = start;
      throw this.#unexpected(`${what} must be whole numbers from 0 to 2^53 − 1`);
    }
    return value;
  }

  string(what: string): string {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== QUOTE) throw this.#unexpected(`${what} must be a string`);
    const start = this.#at + 1;
    let end = start;
    let escapes = false;
    while (this.#bytes[end] !== QUOTE) {
      if (end >= this.#bytes.length) throw this.error(`the header ends inside a string, ${what}`);
      if (this.#bytes[end] < SPACE) throw this.error(`a control character inside a string, ${what}`);
      if (this.#bytes[end] === BACKSLASH) {
        escapes = true;
        end++; // what is escaped may be a quote
      }
      end++;
    }
    const raw = this.#decode(start, end);
    const text = escapes ? this.#unescape(raw) : raw;
    this.#at = end + 1;
    return text;
  }

  #decode(start: number, end: number): string {
    try {
      return decodeUtf8(this.#bytes.subarray(start, end), "throw");
    } catch (error) {
      if (error instanceof GradusError) throw error;
      throw this.#unexpected("the header is not valid UTF-8");
    }
  }

  #unescape(raw: string): string {
    let text: string;
    try {
      text = JSON.parse(`"${raw}"`) as string;
    } catch {
      throw this.error(`there is no such escape in JSON: ${show(raw)}`);
    }
    if (hasLoneSurrogate(text)) throw this.error(`${show(text)} has half of a surrogate pair`);
    return text;
  }

  /** Allows only spaces after the header's object. */
  end(): void {
    while (this.#bytes[this.#at] === SPACE) this.#at++;
    if (this.#at < this.#bytes.length) throw this.#unexpected("nothing but spaces may follow the last }");
  }

  /** The error to throw, with the byte reached. */
  error(reason: string): FormatError {
    const tensor = this.tensor === undefined ? "" : `tensor ${show(this.tensor)}: `;
    return new FormatError(`safetensors: ${tensor}${reason} (byte ${this.#at + 8} of the file)`);
  }

  /** The error to throw, with the text that was found instead. */
  #unexpected(expected: string): FormatError {
    // Shows only a few bytes, up to the end of a value: these bytes can be anything.
    const text = decodeUtf8(this.#bytes.subarray(this.#at, this.#at + 24), "replace");
    const found = /^(?:"[^"]*"?|[^\s,\]}]+|.)/s.exec(text)?.[0] ?? "the end of the header";
    return this.error(`${expected}, found ${visible(found)}`);
  }

  #expect(character: string, otherwise: string): void {
    if (!this.#accept(character)) throw this.#unexpected(otherwise);
  }

  /** Steps over a character if it comes next. */
  #accept(character: string): boolean {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== character.charCodeAt(0)) return false;
    this.#at++;
    return true;
  }

  /** JSON's white space: space, tab, line feed, carriage return. */
  #skipSpace(): void {
    for (;;) {
      const byte = this.#bytes[this.#at];
      if (byte !== SPACE && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at++;
    }
  }
}
