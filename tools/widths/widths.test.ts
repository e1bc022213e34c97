import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { typescriptProgram } from "../shared/typescript-program.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

const START = `
import { type Rng, relu, selu, type Tensor } from "@gradus/core";
import { AlphaDropout, Bidirectional, Dense, Dropout, Embedding, Flatten, GRU, type HasWidths, type Layer,
  LayerNorm, LSTM, PReLU,
  ReLU, SELU, Sequential, Softmax, type Widths } from "@gradus/nn";
declare const rng: Rng;
declare const someLayers: Layer[];
declare const size: number;
class Own implements Layer { forward(x: Tensor): Tensor { return x; } }
class Stated implements Layer, HasWidths<Widths<8, 4>> {
  declare readonly "~widths"?: Widths<8, 4>;
  forward(x: Tensor): Tensor { return x; }
}
`;

const dense = (takes: number | string, gives: number | string): string =>
  `new Dense(${takes}, ${gives}, { rng })`;
const sequential = (...layers: string[]): string => `new Sequential(${layers.join(", ")})`;

/** Nets that the compiler refuses: the program, the layer that it marks, and its words. */
const MISFITS: readonly (readonly [program: string, marked: string, reason: string])[] = [
  [sequential(dense(784, 512), dense(256, 10)), dense(256, 10), "[..., 256], got [..., 512]"],
  [
    sequential(dense(784, 512), "new SELU()", "new AlphaDropout(0.05)", dense(256, 10)),
    dense(256, 10),
    "[..., 256], got [..., 512]",
  ],
  [
    sequential(sequential(dense(2, 8), "new ReLU()"), sequential(dense(7, 1))),
    sequential(dense(7, 1)),
    "[..., 7], got [..., 8]",
  ],
  [sequential(sequential("new ReLU()", dense(2, 8)), dense(9, 1)), dense(9, 1), "[..., 9], got [..., 8]"],
  [sequential(dense(4, 8), "new LayerNorm(4)"), "new LayerNorm(4)", "[..., 4], got [..., 8]"],
  [sequential(dense(4, 8), "new LayerNorm([3, 4])"), "new LayerNorm([3, 4])", "[..., 4], got [..., 8]"],
  [sequential("new Embedding(100, 16, { rng })", dense(8, 1)), dense(8, 1), "[..., 8], got [..., 16]"],
  [sequential(dense(2, 9), "new Stated()"), "new Stated()", "[..., 8], got [..., 9]"],
  [sequential("new Stated()", "new Softmax()", dense(5, 1)), dense(5, 1), "[..., 5], got [..., 4]"],
  [sequential("new LayerNorm(6)", "new PReLU()", dense(5, 1)), dense(5, 1), "[..., 5], got [..., 6]"],
  [sequential("new GRU(8, 64, { rng })", dense(32, 1)), dense(32, 1), "[..., 32], got [..., 64]"],
  [sequential(dense(4, 6), "new LSTM(8, 64, { rng })"), "new LSTM(8, 64, { rng })", "[..., 8], got [..., 6]"],
];

/** Nets that it lets pass: they fit, or only the run knows. */
const FITTING: readonly string[] = [
  sequential(dense(784, 512), "selu", dense(256, 10)), // a function may change the width
  sequential(),
  sequential(dense(2, 8), "relu", dense("size", 1)),
  sequential(dense(2, "size"), dense(8, 1)),
  sequential(dense(784, 512), "new SELU()", "new AlphaDropout(0.05)", dense(512, 10), "new Softmax()"),
  sequential("new Flatten()", dense(784, 10)),
  sequential(dense(2, 8), "new Own()", dense(9, 1)),
  sequential(dense(2, 8), "(x: Tensor) => x", dense(9, 1)),
  sequential("...someLayers", dense(9, 1)),
  sequential(dense(2, 8), "...someLayers", dense(9, 1)),
  sequential(dense(2, 8), sequential("...someLayers"), dense(9, 1)),
  sequential(dense(2, 8), sequential(), sequential("new ReLU()", "new Dropout(0.1)"), dense(8, 1)),
  sequential("new Embedding(100, 16, { rng })", "new LayerNorm(16)", dense(16, 1)),
  sequential(...Array.from({ length: 200 }, () => dense(7, 7))),
  sequential(
    "new Bidirectional(new GRU(8, 64, { rng }), new LSTM(8, 32, { rng }))",
    dense(96, 5),
    "new GRU(5, 4, { rng })",
    dense(4, 1),
  ),
  "const layer: GRU = new GRU(8, 64, { rng })",
  `const net: Layer = ${sequential(dense(2, 8), dense(8, 1))}`,
  `const net: Sequential = ${sequential(dense(2, 8), dense(8, 1))}`,
  `const layer: Dense = ${dense(2, 8)}`,
  `const bias: number | undefined = ${sequential(dense(2, 8), "selu")}.layers[0].bias?.size`,
  `const name: string = ${sequential(dense(2, 8), "selu")}.layers[1].toString()`,
];

/** What the compiler says of each program, and of which part of it. */
function problemsOf(programs: readonly string[]): { marked: string; text: string }[][] {
  const lines = programs.map((program, i) => `{ ${i}; ${program}; }`);
  const path = join(root, "tools/widths/programs.ts");
  const text = `${START}${lines.join("\n")}\n`;
  const program = typescriptProgram([path], { more: { noUnusedLocals: false }, texts: { [path]: text } });
  const source = program.getSourceFile(path);
  const first = START.split("\n").length - 1;
  const found: { marked: string; text: string }[][] = programs.map(() => []);
  for (const { messageText, start = 0, length = 0 } of program.getSemanticDiagnostics(source)) {
    const line = (source as ts.SourceFile).getLineAndCharacterOfPosition(start).line - first;
    found[line].push({
      marked: text.slice(start, start + length),
      text: ts.flattenDiagnosticMessageText(messageText, "\n"),
    });
  }
  return found;
}

describe("the compiler knows the widths of layers", () => {
  const found = problemsOf([...MISFITS.map(([program]) => program), ...FITTING]);

  test.each(MISFITS.map((misfit, i) => [...misfit, i] as const))("%s: %s", (_, marked, reason, i) => {
    expect(found[i].map((problem) => problem.marked)).toEqual([marked]);
    expect(found[i][0].text).toContain(`Misfit<"expects an input ${reason}">`);
  });

  test.each(FITTING.map((program, i) => [program.slice(0, 80), i] as const))("%s passes", (_, i) => {
    expect(found[MISFITS.length + i]).toEqual([]);
  });
});
