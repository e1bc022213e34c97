/**
 * All instructions of the engine: what each consists of and what it computes. The engine itself does not load this file.
 * `pnpm build:kernels` makes three others of it: the constants that the kernels read (assembly/instructions.generated.ts),
 * the encoders that write instructions (encoders.generated.ts), and docs/instructions.md.
 *
 * In memory an instruction is a row of words, whole numbers of 4 bytes, the opcode first; behind them lie its numbers, doubles.
 * All instructions are equally long. Opcodes count from 1 in the order of this table: those of one format are neighbours.
 */

/** The words that all instructions of one format have. */
export interface Format {
  /** The words after the opcode: addresses, sizes, flags. */
  readonly words: string;
  /** The words of each operand after those: its address, and what these suffixes name. Default: no operands. */
  readonly operand?: readonly string[];
  /** How many operands there is room for. */
  readonly room?: number;
  /** The numbers before those of the instruction, which the engine sets. */
  readonly numbers?: string;
  /** The words whose product is the work to be done: small programs are not shared among threads. */
  readonly work: string;
  /** One line about all of them. */
  readonly does: string;
  /** Whether they are in a module of their own, which comes with the ops that need it: its address is their first word. */
  readonly module?: true;
}

const elementwise = {
  words: "out outRow rows columns",
  operand: ["", "Row", "Column"],
  work: "rows columns",
} as const;

const step =
  "outRow, and an operand's Row and Column, are the bytes from one row, and from one column, to the next; 0 repeats";

type FormatName =
  | "product"
  | "reduction"
  | "rows"
  | "draw"
  | "update"
  | "unary"
  | "binary"
  | "ternary"
  | "window";

/** The formats, in the order of their opcodes. */
export const formats: Readonly<Record<FormatName, Format>> = {
  product: {
    words: "out rows columns terms x transposeX y transposeY count stepX stepY",
    work: "count rows columns terms",
    does:
      "computes out[count, rows, columns] from `count` pairs x[rows, terms] and y[terms, columns]; a transposed one lies with its " +
      "axes swapped; stepX and stepY are the bytes from one matrix to the next; 0 repeats",
  },
  reduction: {
    words: "out outer inner count x",
    work: "outer inner count",
    does: "computes out[outer, inner] from x[outer, count, inner], over the axis in the middle",
  },
  rows: {
    words: "out rows columns x",
    work: "rows columns",
    does: "computes out[rows, columns], each row from that of x",
  },
  draw: {
    words: "out length key0 key1",
    numbers: "position",
    work: "length",
    does: "computes out[length] from the numbers u of the random stream with this key, from `position` on",
  },
  update: {
    words: "length few",
    operand: [""],
    room: 5,
    work: "length",
    does:
      "changes arrays of `length` elements in place; `few` is the address of a few numbers that change from step to step. " +
      "Operands with a ? may be missing",
  },
  unary: { ...elementwise, room: 1, does: `computes out[rows, columns] = f(x); ${step}` },
  binary: { ...elementwise, room: 2, does: `computes out[rows, columns] = f(x, y); ${step}` },
  ternary: { ...elementwise, room: 3, does: `computes out[rows, columns] = f(condition, x, y); ${step}` },
  window: {
    module: true,
    words:
      "module out x y images height width channels outputs groups kernelHeight kernelWidth outHeight outWidth " +
      "strideY strideX dilationY dilationX beforeY beforeX countAll",
    work: "images outHeight outWidth kernelHeight kernelWidth channels",
    does:
      "moves a kernel over images[images, height, width, channels]; its element [ky, kx] at position [oy, ox] lies on the pixel " +
      "[oy·strideY + ky·dilationY − beforeY, ox·strideX + kx·dilationX − beforeX]; y is 0 where there is no second operand",
  },
};

/** One instruction. Lists of names are separated by spaces. */
export interface InstructionEntry {
  readonly format: FormatName;
  /** One line that says what it computes. */
  readonly does: string;
  /** Its numbers, which never change. Default: none. */
  readonly numbers?: string;
  /** The operands that it only reads. */
  readonly reads?: string;
  /** The operands that it changes. An update has all of them as long as each other. */
  readonly writes?: string;
  /** The name that an update has for `few`, and the numbers that lie there. */
  readonly few?: readonly [name: string, numbers: string];
  /** Whether it changes `few`, which must be 0 before. */
  readonly clears?: true;
  /** Whether it needs the table of logarithms, which takes 2 ms to compute. */
  readonly logarithms?: true;
}

const unary = (does: string, numbers = ""): InstructionEntry => ({
  format: "unary",
  reads: "x",
  does,
  numbers,
});
const logarithmic = (does: string): InstructionEntry => ({ ...unary(does), logarithms: true });
const window = (does: string): InstructionEntry => ({ format: "window", does });
const binary = (does: string): InstructionEntry => ({ format: "binary", reads: "x y", does });

/**
 * Every instruction. amsgrad shares the code of adam, and rmspropMomentum that of rmsprop: their operands and numbers begin with
 * those of the other.
 */
export const instructions: Readonly<Record<string, InstructionEntry>> = {
  gemm: { format: "product", does: "out[i, j] = 0 + Σₖ x[i, k]·y[k, j], in increasing k" },

  sum: { format: "reduction", does: "out[o, i] = 0 + Σᵣ x[o, r, i], in increasing r" },

  softmax: {
    format: "rows",
    does: "out = e^(x − m)/(1 + rest), m the largest x, rest the sum of the other e^(x − m)",
  },
  logSoftmax: { format: "rows", does: "out = x − m − ln(1 + rest), likewise", logarithms: true },

  bernoulli: { format: "draw", numbers: "probability", does: "out = 1 where u < probability, else 0" },
  uniform: { format: "draw", numbers: "low high", does: "out = low + (high − low)·u" },

  sgd: {
    format: "update",
    reads: "g",
    writes: "x",
    few: ["step", "learningRate"],
    does: "x ← x − learningRate·g",
  },
  sgdMomentum: {
    format: "update",
    reads: "g",
    writes: "x b",
    few: ["step", "learningRate kept"],
    numbers: "momentum nesterov learningRateInMomentum",
    does:
      "s = g; b ← momentum·b + kept·s; x ← x − learningRate·b, with nesterov x − learningRate·(s + momentum·b); with " +
      "learningRateInMomentum s = learningRate·g, and x ← x − b or x − (s + momentum·b)",
  },
  rmsprop: {
    format: "update",
    reads: "g",
    writes: "x v",
    few: ["step", "learningRate"],
    numbers: "rho under beside",
    does: "v ← rho·v + (1 − rho)·g²; x ← x − learningRate·g/(√(v + under) + beside)",
  },
  rmspropMomentum: {
    format: "update",
    reads: "g",
    writes: "x v a? b?",
    few: ["step", "learningRate"],
    numbers: "rho under beside momentum learningRateInMomentum",
    does:
      "v as in rmsprop; with an a, a ← rho·a + (1 − rho)·g and max(0, v − a²) in place of v under the root; " +
      "s = g/(√(v + under) + beside); with a b, b ← s + momentum·b and s = b; x ← x − learningRate·s; with " +
      "learningRateInMomentum the rate is in s from the start",
  },
  adam: {
    format: "update",
    reads: "g",
    writes: "x m v",
    few: ["step", "learningRate epsilon"],
    numbers: "beta1 beta2",
    does: "m ← beta1·m + (1 − beta1)·g; v ← beta2·v + (1 − beta2)·g²; x ← x − learningRate·m/(√v + epsilon)",
  },
  amsgrad: {
    format: "update",
    reads: "g",
    writes: "x m v largest",
    few: ["step", "learningRate epsilon"],
    numbers: "beta1 beta2",
    does: "as adam, but with largest ← max(largest, v) under the root",
  },
  prepareGradient: {
    format: "update",
    reads: "g x",
    writes: "out",
    few: ["step", "factor"],
    numbers: "limit decay",
    does: "out = g·factor, cut to [−limit, limit], + decay·x unless decay is 0",
  },
  shrink: {
    format: "update",
    writes: "x",
    few: ["step", "learningRate"],
    numbers: "weightDecay",
    does: "x ← x − learningRate·weightDecay·x",
  },
  findNonFinite: {
    format: "update",
    reads: "g",
    few: ["found", "flag"],
    numbers: "scale",
    clears: true,
    does: "flag = 1 if a scale·g is NaN or infinite, else 0",
  },

  copy: unary("x"),
  neg: unary("−x"),
  abs: unary("|x|"),
  sign: unary("1 if x > 0, −1 if x < 0, else x"),
  square: unary("x²"),
  sqrt: unary("√x"),
  rsqrt: unary("1/√x"),
  reciprocal: unary("1/x"),
  exp: unary("eˣ"),
  expm1: unary("eˣ − 1"),
  log: logarithmic("ln x"),
  log1p: logarithmic("ln(1 + x)"),
  tanh: unary("tanh x"),
  sigmoid: unary("1/(1 + e⁻ˣ)"),
  logSigmoid: logarithmic("−ln(1 + e⁻ˣ)"),
  softplus: logarithmic("ln(1 + eˣ)"),
  softsign: unary("x/(1 + |x|)"),
  relu: unary("max(0, x)"),
  clamp: unary("min(max(x, low), high)", "low high"),
  leakyRelu: unary("x if x > 0, else slope·x", "slope"),
  exponentialSlope: unary("right if x > 0, else left·e^(scale·x)", "right left scale"),
  elu: unary("right·x if x > 0, else left·(e^(x/scale) − 1)", "right left scale"),
  silu: unary("x/(1 + e⁻ˣ)"),
  mish: logarithmic("x·tanh(ln(1 + eˣ))"),

  add: binary("x + y"),
  sub: binary("x − y"),
  mul: binary("x·y"),
  div: binary("x/y"),
  chain: binary("x·y, and 0 where x is 0"),
  maximum: binary("max(x, y)"),
  minimum: binary("min(x, y)"),
  equal: binary("1 if x = y, else 0"),
  notEqual: binary("1 if x ≠ y, else 0"),
  greater: binary("1 if x > y, else 0"),
  greaterEqual: binary("1 if x ≥ y, else 0"),
  less: binary("1 if x < y, else 0"),
  lessEqual: binary("1 if x ≤ y, else 0"),

  where: { format: "ternary", reads: "condition x y", does: "x if condition ≠ 0, else y" },

  convolve: window(
    "out[n, oy, ox, o] = 0 + Σ x[n, iy, ix, c]·y[ky, kx, c, o], in increasing (ky, kx, c); outside the image x is 0",
  ),
  convolveBack: window(
    "out[n, iy, ix, c] = 0 + Σ (0 + Σ x[n, oy, ox, o]·y[ky, kx, c, o], in increasing o), in increasing (ky, kx)",
  ),
  convolveWeight: window(
    "out[ky, kx, c, o] = 0 + Σ x[n, iy, ix, c]·y[n, oy, ox, o], in increasing (n, oy, ox); outside the image x is 0",
  ),
  maxPoolIndices: window(
    "out[n, oy, ox, c] = index of the first largest x[n, iy, ix, c] over (ky, kx), or of the first NaN; −1 outside the image",
  ),
  pickPixels: window("out[n, oy, ox, c] = x[y[n, oy, ox, c]], x as one row of numbers"),
  addPixels: window(
    "out as one row of numbers: out[y[n, oy, ox, c]] = 0 + Σ x[n, oy, ox, c], in increasing (n, oy, ox)",
  ),
  averages: window(
    "out[n, oy, ox, c] = (0 + Σ x[n, iy, ix, c] over the pixels in the image, in increasing (ky, kx))/count, their number, or with " +
      "countAll that of kernel elements",
  ),
  averagesBack: window("out[n, iy, ix, c] = 0 + Σ x[n, oy, ox, c]/count, in increasing (ky, kx)"),
};

/** The names in a list; none of an empty one. */
export function namesIn(list = ""): string[] {
  return list.split(" ").filter((name) => name !== "");
}

/** The operands of an instruction: first those that it reads. */
export function operandsOf({ reads, writes }: InstructionEntry): string[] {
  return [...namesIn(reads), ...namesIn(writes)].map((name) => name.replace("?", ""));
}

/** The words of an instruction in order; the last may be places for operands that it does not have. */
export function wordsOf(entry: InstructionEntry): string[] {
  const { words, operand = [], room = 0 }: Format = formats[entry.format];
  const operands = operandsOf(entry);
  const unused = Array.from({ length: room - operands.length }, (_, i) => `unused${i + 1}`);
  const fixed = namesIn(words).map((word) => (word === "few" ? (entry.few?.[0] ?? word) : word));
  return [
    "opcode",
    ...fixed,
    ...[...operands, ...unused].flatMap((name) => operand.map((suffix) => name + suffix)),
  ];
}

/** The numbers of an instruction in order. */
export function numbersOf({ format, numbers }: InstructionEntry): string[] {
  const { numbers: before }: Format = formats[format];
  return [...namesIn(before), ...namesIn(numbers)];
}
