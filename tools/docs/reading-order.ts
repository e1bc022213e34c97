/**
 * Writes the reading order of ARCHITECTURE.md, from the list below and from what the files import and how long they
 * are: `pnpm docs:order`. A test checks that the table is fresh and that the order is
 * import-closed: no file imports a name that was defined in a file further down.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Step {
  readonly name: string;
  /** `core/shape` is packages/core/src/shape.ts, anything with a suffix is a path from the root. */
  readonly files: readonly string[];
  readonly learn: string;
}

const inFolder = (folder: string, names: string): string[] => names.split(" ").map((name) => folder + name);

/** From the first file to the program that trains on MNIST. */
export const readingOrder: readonly Step[] = [
  {
    name: "shape",
    files: inFolder("core/", "errors shape kernel storage"),
    learn:
      "What a shape is, NumPy's broadcasting rule in a dozen lines, and how an error message is to look: everything else throws these.",
  },
  {
    name: "kernels",
    files: inFolder("core/kernels/", "kernels product reference blocked current"),
    learn:
      "The one hot loop, behind an interface. `reference` is the specification: three nested loops, terms in increasing k. `blocked` makes the same sums in the same order, sixteen at a time; skim it now and return after linalg. The second half of `kernels`, engines, is for later.",
  },
  {
    name: "tensor",
    files: inFolder("core/", "print tensor create"),
    learn:
      "Numbers and a shape, nothing more; and the record of how a result was computed, which is all of the graph. `assign` counts changes.",
  },
  {
    name: "op",
    files: inFolder("core/", "nearest-name ranges options recording op update"),
    learn:
      "The declaration of an op and what `defineOp` makes of it: check the operands, ask the shape rule, run the forward, record. `deriveOp` for formulas over other ops. Skim `recording`: it is how `compile` listens in.",
  },
  {
    name: "arithmetic",
    files: inFolder("core/ops/", "loops comparison arithmetic"),
    learn:
      "Element-wise loops over broadcast inputs, then ops from easy (`add`) to subtle (`div`). `chain` is the product of the chain rule, with its zero rule.",
  },
  {
    name: "views and reductions",
    files: inFolder("core/ops/", "views lanes reduce"),
    learn:
      "The same numbers in another shape; `sum` and its adjoint `broadcastTo`; `sumTo`, which undoes broadcasting. A reduction's order of summation is part of its contract.",
  },
  {
    name: "backward",
    files: ["core/backward"],
    learn:
      "Reverse mode in under thirty lines: descending ids, one rule per input, gradients in a Map. What a rule may look at, and why a changed input is refused.",
  },
  {
    name: "math and random",
    files: [
      ...inFolder(
        "core/math/",
        "bits exp fixed-point log-table log logistic pow half-pi trigonometric erfc-table erf erfcx selu-constants index",
      ),
      "core/threefry",
      "core/random",
    ],
    learn:
      "Elementary functions from + − × ÷ and bit views, and random numbers that depend on the stream and a counter alone. Read `exp` and `random`; skim the rest, the tables are data.",
  },
  {
    name: "gradcheck",
    files: ["core/testing/gradcheck"],
    learn:
      "A gradient against a central difference, a gradient of a gradient the same way, and how a kink is told from a mistake.",
  },
  {
    name: "linalg",
    files: ["core/ops/linalg"],
    learn:
      "The matrix product: batches, vectors, transposed sides without copies, and its two rules, g·yᵀ and xᵀ·g. `linear` is the layer's map. Now read `kernels/blocked` again.",
  },
  {
    name: "activations",
    files: inFolder("core/ops/", "where exponential saturating rectifiers gelu"),
    learn:
      "Functions whose naive gradient fails somewhere: what overflows, what cancels, which side a kink belongs to. `selu` is in `rectifiers`; its slope is an op of its own, so that it can be differentiated again.",
  },
  {
    name: "more ops",
    files: inFolder(
      "core/ops/",
      "slice select scan softmax statistics index-select extrema norm loss-reduction regression-losses probability-losses cross-entropy normalization embedding",
    ),
    learn:
      "`slice` and `pad`, `concat` and `slice`: pairs that are each other's gradient. Softmax and cross entropy without overflow; indices, ties, norms. Read `slice`, `softmax` and `cross-entropy`, the rest as needed.",
  },
  {
    name: "compile",
    files: [
      "core/kernels/gaps",
      "core/text/columns",
      ...inFolder(
        "core/compile/",
        "structure tape out-of-room home buffers values bind plan-table plan compile",
      ),
    ],
    learn:
      "A function run once on tensors without numbers, for the list of its ops; then every result gets its place in one block of memory, shared as soon as nobody needs the old one. Print `step.describe(…)` beside the code of a step.",
  },
  {
    name: "kernels in WebAssembly",
    files: [
      ...inFolder(
        "core/kernels/wasm/",
        "opcodes instruction-names bytes module heap lower-elementwise lower control spawn threads engine wasm",
      ),
      ...inFolder("core/", "kernels/install threads"),
    ],
    learn:
      "An instruction is 128 bytes, a plan a list of them. `lower` says which op becomes which; the loops themselves are AssemblyScript in packages/core/assembly, the TypeScript loops again, two numbers at a time: read `gemm`, `gemm-tile`, `math/exp` and `exponential` there, then `threads`.",
  },
  {
    name: "describe-ops",
    files: inFolder("core/testing/", "samples describe-ops"),
    learn: "What an op is tested on, and the forty lines that make tests of it.",
  },
  {
    name: "surface",
    files: inFolder(
      "core/",
      "ops/index fluent higher-order hash numerics-error trap/caller trap/fault trap/message trap index",
    ),
    learn:
      "The registry is a module; methods and their types are derived from it. `grad`, `jacobian`, `hessian` are short functions over `backward`; `hash` tells whether two runs went the same way; `trap` finds the op that made the first NaN.",
  },
  {
    name: "dense",
    files: inFolder("nn/", "checks mode layer initializers layers/dense"),
    learn:
      "A layer is a class with a `forward` and Parameters as fields. Why training is an argument, and what a fan is.",
  },
  {
    name: "selu net",
    files: inFolder("nn/", "layers/selu layers/flatten layers/sequential named-parameters"),
    learn: "Layers in a row, and how a net's parameters get their names without registration.",
  },
  {
    name: "alpha dropout",
    files: inFolder("nn/", "ops/random ops/dropout ops/alpha-dropout layers/dropout layers/alpha-dropout"),
    learn: "Randomness as an op, dropout by selection, and the affine map that keeps mean and variance.",
  },
  {
    name: "moments",
    files: inFolder("snn/moments/", "net-input halves selu fixed-point parameters quadrature"),
    learn:
      "The theory of the paper as functions: mean and variance in, mean and variance out; where they come to rest, and why.",
  },
  {
    name: "snn report",
    files: [
      ...inFolder(
        "snn/snn-report/",
        "format stages measure theory result rows weight-warnings input-warnings warnings axis figure table",
      ),
      "snn/snn-report",
    ],
    learn:
      "Theory against a net that is there: what a layer may deviate by chance, and what each deviation means.",
  },
  {
    name: "sgd",
    files: inFolder("optim/", "power rule schedules clip parameters members state updates optimizer sgd"),
    learn:
      "An optimizer is a rule, a few lines of algebra, and a driver that checks, clips, decays and counts for all of them. A step is a list of updates, so that it can be compiled.",
  },
  {
    name: "adam",
    files: inFolder("optim/", "adam rmsprop"),
    learn:
      "The equations of the papers in the papers' letters, and where PyTorch's and Keras' versions differ.",
  },
  {
    name: "dataset",
    files: inFolder("data/", "samples transforms dataset batches standardize"),
    learn:
      "Compact arrays in, batches of float64 out; shuffling by permutation; mean 0 and variance 1 without NaN for constant pixels.",
  },
  {
    name: "mnist files",
    files: ["core/text/file-start", ...inFolder("data/", "bytes gzip idx node/checked-file node/mnist")],
    learn: "Reading a file one does not trust: header and length first, digests for the data everyone means.",
  },
  {
    name: "safetensors",
    files: [
      "train/checks",
      ...inFolder("train/safetensors/", "text dtypes layout header-reader header read write"),
    ],
    learn:
      "A file format of one page, and what it takes to read it from strangers: nothing a file says is believed before it was compared with the file.",
  },
  {
    name: "checkpoints",
    files: inFolder(
      "train/checkpoint/",
      "stateful plain-data weights checkpoint store folder indexed-db checkpointer",
    ),
    learn:
      "Whatever remembers something has `state()` and `restore(state)`; a checkpoint is all of these in one file, brought back all or none. How a file is written so that a power cut leaves the old one or the new one.",
  },
  {
    name: "measure",
    files: inFolder("train/", "metrics metric-names averages history callbacks callback-list snapshot"),
    learn: "What a training run reports, exactly also where the last batch is smaller, and who is told when.",
  },
  {
    name: "fit",
    files: inFolder(
      "train/",
      "rehearsal compiled step stop-on-nan breather evaluate predict summary fit-options aborted training-state layer-paths trap fit",
    ),
    learn: "The loop everyone writes, once: forward, loss, backward, step, validate, call back.",
  },
  {
    name: "mnist",
    files: [
      "train/node/progress",
      "examples/shared/options.ts",
      ...inFolder("examples/mnist/", "digits.ts presets.ts main.ts"),
    ],
    learn: "All of it at work on 60,000 digits. Two of the presets redo published scripts.",
  },
];

/** The path of a file of the list, from the root. */
function pathOf(file: string): string {
  if (file.endsWith(".ts")) return file;
  const [name, ...rest] = file.split("/");
  return `packages/${name}/src/${rest.join("/")}.ts`;
}

interface Reference {
  readonly from: string;
  /** The names taken, `undefined` for all of them. */
  readonly names: readonly string[] | undefined;
  /** Under which names they are exported again. */
  readonly exportedAs?: readonly string[] | undefined;
}

/** Each file is asked for many names: what was found out about it is kept. */
function once<V>(compute: (path: string) => V): (path: string) => V {
  const known = new Map<string, V>();
  return (path) => {
    if (!known.has(path)) known.set(path, compute(path));
    return known.get(path) as V;
  };
}

const textOf = once((path) => readFileSync(join(root, path), "utf8"));
const referencesOf = once(findReferences);

/** All imports and re-exports of a file that stay in this repository; type-only ones count too. */
function findReferences(path: string): Reference[] {
  const found: Reference[] = [];
  const add = (
    specifier: ts.Node | undefined,
    names?: readonly string[],
    exportedAs?: readonly string[],
  ): void => {
    if (specifier === undefined || !ts.isStringLiteral(specifier)) return;
    const target = resolve(path, specifier.text);
    if (target !== undefined) found.push({ from: target, names, exportedAs });
  };
  const nameOf = (element: ts.ImportSpecifier | ts.ExportSpecifier): string =>
    (element.propertyName ?? element.name).text;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      add(
        node.moduleSpecifier,
        bindings && ts.isNamedImports(bindings) ? bindings.elements.map(nameOf) : undefined,
      );
    } else if (ts.isExportDeclaration(node)) {
      const clause = node.exportClause;
      if (clause && ts.isNamedExports(clause)) {
        const aliases = clause.elements.map(({ name }) => name.text);
        add(node.moduleSpecifier, clause.elements.map(nameOf), aliases);
      } else add(node.moduleSpecifier, undefined, clause ? [clause.name.text] : undefined);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest));
  return found;
}

/** The file behind an import specifier, from the root; undefined for anything but gradus' own. */
function resolve(path: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return normalize(join(dirname(path), specifier));
  const [, name, subpath] = /^@gradus\/([^/]+)(\/.*)?$/.exec(specifier) ?? [];
  if (name === undefined) return undefined;
  const manifest = JSON.parse(textOf(join("packages", name, "package.json")));
  return normalize(join("packages", name, manifest.exports[`.${subpath ?? ""}`]["@gradus/source"]));
}

/** The file that defines a name exported by another, through all re-exports. */
function definerOf(path: string, name: string): string | undefined {
  for (const { from, names, exportedAs } of referencesOf(path)) {
    const index = exportedAs?.indexOf(name) ?? -1;
    if (index >= 0) return names === undefined ? from : definerOf(from, names[index]);
  }
  const text = textOf(path);
  if (new RegExp(`^export (?:declare |abstract |async )*\\w+\\*? ${name}\\b`, "m").test(text)) return path;
  for (const star of text.matchAll(/^export \* from "(.*)"/gm)) {
    const target = resolve(path, star[1]);
    const definer = target === undefined ? undefined : definerOf(target, name);
    if (definer !== undefined) return definer;
  }
  return undefined;
}

/** The files that a file takes names from, itself not included. */
export function neededBy(path: string): string[] {
  const needed = referencesOf(path).flatMap(({ from, names }) =>
    names === undefined
      ? [from]
      : names.map((name) => {
          const definer = definerOf(from, name);
          if (definer === undefined)
            throw new Error(`${path} imports ${name}, which ${from} does not export`);
          return definer;
        }),
  );
  return [...new Set(needed)].filter((other) => other !== path);
}

/** What breaks the order: one line for each file that needs one which comes later or is not in the list at all. */
export function outOfOrder(): string[] {
  const known = new Set<string>();
  return readingOrder.flatMap(({ name, files }) => {
    for (const file of files) known.add(pathOf(file));
    return files.flatMap((file) =>
      neededBy(pathOf(file))
        .filter((other) => !known.has(other))
        .map((other) => `step "${name}": ${pathOf(file)} needs ${other}, which is not read yet`),
    );
  });
}

/** The table, without its markers. */
export function readingTable(): string {
  const listed = readingOrder.flatMap(({ files }) => files.map(pathOf));
  const rows = readingOrder.map(({ name, files, learn }, i) => {
    const paths = files.map(pathOf);
    const tests = [...new Set(paths.flatMap(testsOf))];
    const sources = paths.map((path) => `${link(path)} ${linesOf(path)}`);
    return `| ${i + 1} ${name} | ${sources.join("<br>")} | ${tests.map(link).join("<br>") || "none"} | ${learn} |`;
  });
  const total = listed.reduce((sum, path) => sum + linesOf(path), 0);
  const rest = sources().filter((path) => !listed.includes(path));
  return [
    "| Step | Files, with their lines | Tests | What you learn |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
    `${listed.length} files, ${total} lines. Off the path, for when you need them: ${rest.map(link).join(", ")}.`,
  ].join("\n");
}

const linesOf = (path: string): number => textOf(path).trimEnd().split("\n").length;

/** `[core/shape](packages/core/src/shape.ts)` */
function link(path: string): string {
  const label = path
    .replace(/^packages\//, "")
    .replace(/\/(src|test)\//, "/")
    .replace(/\.ts$/, "");
  return `[${label}](${path})`;
}

/** The test at the mirrored path, and for ops those that go through the registry. */
function testsOf(path: string): string[] {
  const mirrored = path.replace("/src/", "/test/").replace(/\.ts$/, ".test.ts");
  const registry = /^packages\/core\/src\/ops\//.test(path)
    ? ["packages/core/test/ops.test.ts", "packages/core/test/golden.test.ts"]
    : /^packages\/nn\/src\/ops\//.test(path)
      ? ["packages/nn/test/ops.test.ts"]
      : [];
  const example = path.startsWith("examples/mnist/") ? ["tools/examples/mnist/mnist.test.ts"] : [];
  return [mirrored, ...registry, ...example].filter((test) => existsSync(join(root, test)));
}

/** All source files of the packages that are more than a list of exports. */
function sources(): string[] {
  return readdirSync(join(root, "packages"))
    .flatMap((name) =>
      readdirSync(join(root, "packages", name, "src"), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && entry.name !== "index.ts")
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    )
    .sort();
}

const START = "<!-- reading order: generated by pnpm docs:order, do not edit -->";
const END = "<!-- end of reading order -->";

/** ARCHITECTURE.md with the table as it should be now. */
export function withTable(text: string): string {
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`ARCHITECTURE.md has no ${START} … ${END}`);
  return `${before}${START}\n\n${readingTable()}\n\n${END}${after}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = join(root, "ARCHITECTURE.md");
  for (const line of outOfOrder()) console.error(line);
  writeFileSync(target, withTable(readFileSync(target, "utf8")));
}
