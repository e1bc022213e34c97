/**
 * Reads expressions such as `x.mul(y).tanh().sum()` or `const c = a + b; c * 2`. The language is a small part of JavaScript:
 * numbers, lists, params, names, calls, methods, + − * / **, and assignments. Nothing is evaluated by JavaScript itself.
 */
import { type Place, PlacedError, type Token, tokens } from "./tokens.ts";

export type Node = Place &
  (
    | { readonly kind: "value"; readonly value: number | string | boolean | null | undefined }
    | { readonly kind: "name"; readonly name: string }
    | { readonly kind: "list"; readonly items: readonly Node[] }
    | { readonly kind: "params"; readonly entries: readonly (readonly [name: string, value: Node])[] }
    | { readonly kind: "negative"; readonly of: Node }
    | { readonly kind: "operator"; readonly sign: string; readonly left: Node; readonly right: Node }
    | { readonly kind: "call"; readonly name: string; readonly at: Place; readonly args: readonly Node[] }
    | {
        readonly kind: "method";
        readonly of: Node;
        readonly name: string;
        readonly at: Place;
        readonly args: readonly Node[];
      }
  );

/** `c = value`, or a value alone. */
export interface Statement {
  readonly name: string | null;
  readonly value: Node;
}

/** The deepest nesting: beyond it an error, not an overflow of the stack. */
const DEEPEST = 200;
const VALUES: Readonly<Record<string, number | boolean | null | undefined>> = {
  true: true,
  false: false,
  null: null,
  undefined,
  Infinity: Number.POSITIVE_INFINITY,
  NaN: Number.NaN,
};

/** The statements of a text. @throws PlacedError */
export function parse(text: string): Statement[] {
  const parser = new Parser(text);
  return parser.statements();
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokens(text);
  }

  statements(): Statement[] {
    const list: Statement[] = [];
    for (;;) {
      while (this.#take(";")) {}
      if (this.#ended) break;
      list.push(this.#statement());
      if (!this.#ended && !this.#take(";")) throw this.#wrong("a ; or the end");
    }
    if (list.length === 0) throw new PlacedError("there is no expression; write one such as x.tanh()", 0);
    return list;
  }

  #statement(): Statement {
    const declared = this.#word("const") || this.#word("let");
    const name = this.#peek;
    const sign = this.#tokens[this.#next + 1] ?? name;
    if (name.kind === "name" && /^[+\-*/]?=$/.test(sign.text)) {
      this.#next += 2;
      const right = this.#sum();
      if (sign.text === "=") return { name: name.text, value: right };
      const left: Node = { kind: "name", name: name.text, start: name.start, end: name.end };
      const value: Node = {
        kind: "operator",
        sign: sign.text[0],
        left,
        right,
        start: name.start,
        end: right.end,
      };
      return { name: name.text, value };
    }
    if (declared) throw this.#wrong("a name and =, as in const c = x.mul(2)");
    return { name: null, value: this.#sum() };
  }

  #sum(): Node {
    if (++this.#depth > DEEPEST)
      throw new PlacedError("this is nested too deeply; use const c = …;", this.#peek.start);
    const node = this.#chain(["+", "-"], () => this.#product());
    this.#depth--;
    return node;
  }

  #product(): Node {
    return this.#chain(["*", "/"], () => this.#negative());
  }

  /** Operators of the same rank, from the left. */
  #chain(signs: readonly string[], operand: () => Node): Node {
    let left = operand();
    for (;;) {
      const { text, kind } = this.#peek;
      if (kind !== "sign" || !signs.includes(text)) return left;
      this.#next++;
      const right = operand();
      left = { kind: "operator", sign: text, left, right, start: left.start, end: right.end };
    }
  }

  #negative(): Node {
    const { start } = this.#peek;
    if (++this.#depth > DEEPEST) throw new PlacedError("this is nested too deeply; use const c = …;", start);
    try {
      if (this.#take("+")) return this.#negative();
      if (!this.#take("-")) return this.#power();
      const of = this.#negative();
      return { kind: "negative", of, start, end: of.end };
    } finally {
      this.#depth--;
    }
  }

  #power(): Node {
    const left = this.#methods();
    if (!this.#take("**")) return left;
    const right = this.#negative();
    return { kind: "operator", sign: "**", left, right, start: left.start, end: right.end };
  }

  #methods(): Node {
    let of = this.#atom();
    while (this.#take(".")) {
      const at = this.#peek;
      if (at.kind !== "name") throw this.#wrong("the name of a method, as in x.tanh()");
      this.#next++;
      if (!this.#take("(")) {
        throw new PlacedError(`write ${at.text}(): only methods can be called here`, at.start, at.end);
      }
      const args = this.#list(")");
      of = {
        kind: "method",
        of,
        name: at.text,
        at,
        args,
        start: of.start,
        end: this.#tokens[this.#next - 1].end,
      };
    }
    return of;
  }

  #atom(): Node {
    const token = this.#peek;
    const { kind, text, start, end } = token;
    this.#next++;
    if (kind === "number") return { kind: "value", value: Number(text), start, end };
    if (kind === "text") return { kind: "value", value: text.slice(1, -1), start, end };
    if (kind === "name") {
      if (Object.hasOwn(VALUES, text)) return { kind: "value", value: VALUES[text], start, end };
      if (!this.#take("(")) return { kind: "name", name: text, start, end };
      const args = this.#list(")");
      return { kind: "call", name: text, at: token, args, start, end: this.#tokens[this.#next - 1].end };
    }
    if (text === "(") {
      const inner = this.#sum();
      this.#expect(")");
      return inner;
    }
    if (text === "[") {
      const items = this.#list("]");
      return { kind: "list", items, start, end: this.#tokens[this.#next - 1].end };
    }
    if (text === "{") {
      const entries = this.#params();
      return { kind: "params", entries, start, end: this.#tokens[this.#next - 1].end };
    }
    this.#next--;
    throw this.#wrong("a name, a number or a list");
  }

  #list(close: string): Node[] {
    const items: Node[] = [];
    while (!this.#take(close)) {
      items.push(this.#sum());
      if (this.#peek.text !== close) this.#expect(",", close);
    }
    return items;
  }

  #params(): [string, Node][] {
    const entries: [string, Node][] = [];
    while (!this.#take("}")) {
      const name = this.#peek;
      if (name.kind !== "name") throw this.#wrong("the name of a param, as in { axes: 0 }");
      this.#next++;
      this.#expect(":");
      entries.push([name.text, this.#sum()]);
      if (this.#peek.text !== "}") this.#expect(",", "}");
    }
    return entries;
  }

  get #ended(): boolean {
    return this.#peek.kind === "end";
  }

  get #peek(): Token {
    return this.#tokens[this.#next];
  }

  #take(sign: string): boolean {
    if (this.#peek.kind !== "sign" || this.#peek.text !== sign) return false;
    this.#next++;
    return true;
  }

  #word(text: string): boolean {
    const { kind, text: found } = this.#peek;
    if (kind !== "name" || found !== text) return false;
    this.#next++;
    return true;
  }

  #expect(...signs: string[]): void {
    if (!this.#take(signs[0])) throw this.#wrong(signs.join(" or "));
  }

  #wrong(expected: string): PlacedError {
    const { text, start, end, kind } = this.#peek;
    return new PlacedError(
      kind === "end"
        ? `the text ends here; there should be ${expected}`
        : `there should be ${expected}, not ${text}`,
      start,
      end,
    );
  }
}
