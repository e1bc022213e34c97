import {
  ArgumentError,
  FormatError,
  formatShape,
  noMore,
  type Range,
  ranges,
  resolveOptions,
  type Shape,
  sameShape,
  show,
  type Tensor,
  tagOf,
} from "@gradus/core";
import { type Layer, type NamedTensor, namedTensors } from "@gradus/nn";
import { arrange } from "./arrange.ts";
import type { FileBytes } from "./file-bytes.ts";
import { KIND } from "./safetensors/digest.ts";
import { readSafetensors } from "./safetensors/read.ts";
import { writeSafetensors } from "./safetensors/write.ts";

/** The prefix of the names of the net's tensors in a checkpoint. */
const NET = "net/";

/** Options of {@link saveWeights}. */
export interface SaveWeightsOptions {
  /** `"F64"` (the default) keeps every bit; `"F32"` halves the file and rounds. */
  readonly dtype?: "F64" | "F32";
}

/**
 * The weights of a net, that is its parameters and buffers, as a safetensors file, with the names of `namedTensors`.
 *
 * @throws ArgumentError for options out of range, an object without tensors, a list of pairs from `namedParameters`, or if a number is too large for `"F32"`.
 * @example
 * await writeFileAtomically("net.safetensors", saveWeights(net)); // of @gradus/train/node
 * new Blob([saveWeights(net)]); // in a browser, to download
 */
export function saveWeights(
  net: object,
  options: SaveWeightsOptions = {},
  ...extra: readonly undefined[]
): FileBytes {
  noMore("saveWeights", "net, options", extra);
  const defaults: Required<SaveWeightsOptions> = { dtype: "F64" };
  const { dtype } = resolveOptions<typeof defaults>("saveWeights", options, defaults, {
    dtype: ranges.oneOf("F64", "F32"),
  });
  const tensors = namedTensors(net);
  if (tensors.length === 0 || isListOfPairs(net)) {
    const what = tensors.length === 0 ? "an object without tensors" : "a list of names and tensors";
    throw new ArgumentError(
      `saveWeights: needs the net, got ${what}; writeSafetensors(pairs) writes tensors by name`,
    );
  }
  return writeSafetensors(tensors, { dtype, metadata: [[KIND, "weights"]], digest: true });
}

/** Whether this is the result of `namedParameters`, whose tensors would be saved under their numbers. */
function isListOfPairs(net: object): boolean {
  return Array.isArray(net) && net.every((pair) => Array.isArray(pair) && typeof pair[0] === "string");
}

/** Options of {@link loadWeights}, for files of other programs. */
export interface LoadWeightsOptions {
  /**
   * The program whose names and layout the file has. `"torch"`: the matrix of a `Dense` is [out, in] and is transposed, that
   * of an `Embedding` is not; names are PyTorch's, such as `0.weight` for `layers.0.weight` in a `Sequential`, or
   * `running_mean`. Default `"gradus"`: all as it is. If the file says that it is from PyTorch (metadata `format: "pt"`), and
   * the net has a matrix, there is no default.
   */
  readonly from?: "gradus" | "torch";
  /**
   * New names for tensors of the file: an object `{ old: "new" }`, or a function of the old name. `null` leaves a tensor out.
   * Default: names as they are.
   */
  readonly rename?: Readonly<Record<string, string | null>> | ((name: string) => string | null);
  /**
   * The matrices to transpose: their names in the net, or a function of such a name. Default: with `from: "torch"` those of
   * all `Dense` layers, else none.
   */
  readonly transpose?: readonly string[] | ((name: string) => boolean);
}

/**
 * Loads the weights of a safetensors file into a net: a file of {@link saveWeights}, a checkpoint with a part `net`, or
 * any other file with the net's names and shapes, or with those that the options make of it.
 *
 * @throws FormatError if the file is broken, or if tensors are missing, unexpected or of another shape: the message lists
 *   all of them. ArgumentError for options that do not fit, and if the file is from PyTorch and `from` is not given.
 *   Nothing is changed then.
 * @example
 * loadWeights(net, await readFile("net.safetensors"));
 * loadWeights(net, await readFile("model.safetensors"), { from: "torch", rename: (name) => name.replace(/^model\./, "") });
 */
export function loadWeights(
  net: object,
  bytes: Uint8Array | ArrayBuffer,
  options: LoadWeightsOptions = {},
  ...extra: readonly undefined[]
): void {
  noMore("loadWeights", "net, bytes, options", extra);
  const resolved = resolveOptions<LoadWeightsOptions>("loadWeights", options, {}, allowed);
  const file = readSafetensors(bytes);
  const prefix = file.metadata.get(KIND) === "checkpoint" ? NET : "";
  const names = file.names.filter((name) => name.startsWith(prefix));
  const given = arrange(net as Layer, file, names, (name) => name.slice(prefix.length), resolved);
  assignTensors("loadWeights", namedTensors(net), given);
}

const allowed: { readonly [K in keyof LoadWeightsOptions]-?: Range } = {
  from: ranges.optional(ranges.oneOf("gradus", "torch")),
  rename: ranges.optional({
    says: "must be an object of names, or a function of a name",
    admits: (value) => ranges.callable.admits(value) || tagOf(value) === "Object",
  }),
  transpose: ranges.optional({
    says: "must be a list of names, or a function of a name",
    admits: (value) => ranges.callable.admits(value) || ranges.isListOf(value, ranges.text.admits),
  }),
};

/** Tensors by name; `read` decodes one. @internal */
export interface GivenTensors {
  readonly shapes: ReadonlyMap<string, Shape>;
  read(name: string): Tensor;
}

/** Assigns all of these tensors, or none. @throws FormatError that lists everything that does not fit. @internal */
export function assignTensors(
  who: string,
  tensors: readonly NamedTensor[],
  { shapes, read }: GivenTensors,
): void {
  const missing = tensors.filter(([name]) => !shapes.has(name)).map(([name]) => show(name));
  const own = new Set(tensors.map(([name]) => name));
  const unexpected = [...shapes.keys()].filter((name) => !own.has(name)).map(show);
  const misshaped = tensors.flatMap(([name, { shape }]) => {
    const given = shapes.get(name);
    if (given === undefined || sameShape(given, shape)) return [];
    return [`${show(name)} is ${formatShape(given)} where the net has ${formatShape(shape)}`];
  });
  const problems = [
    ...(missing.length > 0 ? [`missing ${missing.join(", ")}`] : []),
    ...(unexpected.length > 0 ? [`unexpected ${unexpected.join(", ")}`] : []),
    ...misshaped,
  ];
  if (problems.length > 0) {
    throw new FormatError(`${who}: the weights are those of another net: ${problems.join("; ")}`);
  }
  const values = tensors.map(([name]) => read(name)); // all of them, before any is assigned
  tensors.forEach(([, x], i) => {
    x.assign(values[i]);
  });
}
