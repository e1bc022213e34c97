/** Splits expressions into numbers, names, texts and signs. */

/** A mistake in a text: where it is, and what to do. */
export class PlacedError extends Error {
  override name = "PlacedError";
  readonly start: number;
  readonly end: number;

  constructor(message: string, start: number, end: number = start + 1) {
    super(message);
    this.start = start;
    this.end = Math.max(end, start + 1);
  }

  /** The line of the text with a mark below the place, and the message. */
  in(text: string): string {
    const from = text.lastIndexOf("\n", this.start - 1) + 1;
    const line = text.slice(from).split("\n")[0];
    const length = Math.max(1, Math.min(this.end, from + line.length) - this.start);
    return `${line}\n${" ".repeat(this.start - from)}${"^".repeat(length)} ${this.message}`;
  }
}

/** From the first character to the one after the last. */
export interface Place {
  readonly start: number;
  readonly end: number;
}

/** A word of the text. */
export interface Token extends Place {
  readonly kind: "number" | "name" | "text" | "sign" | "end";
  readonly text: string;
}

const TOKEN =
  /(\s+|\/\/[^\n]*)|((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|([A-Za-z_$][\w$]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(\*\*|[+\-*/]=|=>|===?|[-+*/(),.;:=[\]{}])/y;

/** The words of a text, with one for its end. @throws PlacedError for a character that has no meaning. */
export function tokens(text: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new PlacedError(unexpected(text.slice(at, at + 1)), at);
    const [whole, blank, number, name, quoted] = found;
    const end = at + whole.length;
    if (blank === undefined) {
      const kind = number !== undefined ? "number" : name !== undefined ? "name" : quoted ? "text" : "sign";
      list.push({ kind, text: whole, start: at, end });
    }
    at = end;
  }
  return [...list, { kind: "end", text: "", start: text.length, end: text.length }];
}

function unexpected(character: string): string {
  if (character === '"' || character === "'") return "this text has no end: close it with the same quote";
  if (character === "^") return "there is no ^: write a ** b, or a.pow(b)";
  if (character === "@") return "there is no @: write a.matmul(b)";
  return `${JSON.stringify(character)} is not understood here; use names, numbers, lists, calls and + - * / **`;
}
