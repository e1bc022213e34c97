import { type FitOptions, fit } from "../../../src/index.ts";
import { type ProgressStream, progressBar } from "../../../src/node/index.ts";
import { optionsFor, points, smallNet } from "../../support.ts";

export const start = "\u001b";

export class FakeStream implements ProgressStream {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number;
  constructor(isTTY = false, columns = 80) {
    this.isTTY = isTTY;
    this.columns = columns;
  }
  write(text: string): boolean {
    this.text += text;
    return true;
  }
  /** The drawn text, without the codes that move the cursor. */
  get drawn(): string[] {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes begin with one
    return this.text.split(/\u001b(?:\[[?\d;]*[A-Za-z]|[78])|\n/).filter((part) => part !== "");
  }
}

export async function train(stream: ProgressStream, changes: Partial<FitOptions> = {}, options: object = {}) {
  const net = smallNet();
  const { callbacks = [], ...others } = changes;
  const all = [progressBar({ stream, ...options }), ...callbacks];
  return fit(net, points(8), optionsFor(net, { ...others, callbacks: all }));
}
