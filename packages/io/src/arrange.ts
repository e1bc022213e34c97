import { ArgumentError, ops, type Shape, show, type Tensor } from "@gradus/core";
import {
  BatchNorm,
  Dense,
  Embedding,
  type Layer,
  LayerNorm,
  LearnedPositions,
  namedLayers,
  namedTensors,
  PReLU,
  Sequential,
} from "@gradus/nn";
import { KIND } from "./safetensors/digest.ts";
import type { SafetensorsFile } from "./safetensors/read.ts";
import type { GivenTensors, LoadWeightsOptions } from "./weights.ts";

/** Programs whose linear layers have matrices [out, in], by the `format` in the metadata of their files. */
const OUT_IN: ReadonlyMap<string, string> = new Map([
  ["pt", "PyTorch"],
  ["mlx", "MLX"],
]);

/** The names of PyTorch for the tensors of a layer, where they are others. */
const TORCH_NAMES: readonly (readonly [
  kind: new (...args: never[]) => Layer,
  names: Readonly<Record<string, string>>,
])[] = [
  [LayerNorm, { scale: "weight", shift: "bias" }],
  [
    BatchNorm,
    { scale: "weight", shift: "bias", runningMean: "running_mean", runningVariance: "running_var" },
  ],
  [PReLU, { slope: "weight" }],
];

/**
 * The tensors of a file under the names and in the layout of the net, as the options say.
 *
 * @param names of the file, without those that are not of the net.
 * @param nameOf the name of a tensor without a prefix of the file.
 * @throws ArgumentError for options that do not fit the net or the file, or if it is open which way round a matrix is. @internal
 */
export function arrange(
  net: Layer,
  file: SafetensorsFile,
  names: readonly string[],
  nameOf: (name: string) => string,
  options: LoadWeightsOptions,
): GivenTensors {
  const { from } = options;
  const own = new Map(namedTensors(net));
  const layers = new Map(namedLayers(net));
  if (from === "torch" && file.metadata.has(KIND)) {
    throw new ArgumentError(
      'loadWeights: from: "torch" is for files of other programs; gradus wrote this one',
    );
  }
  const foreign = from === "torch" ? torchNames([...own.keys()], layers) : new Map<string, string>();
  const places = new Map<string, string>();
  for (const [name, wanted] of renamed(names, nameOf, options.rename)) {
    if (from === "torch" && wanted.endsWith("num_batches_tracked")) continue; // a count that nothing depends on here
    const place = own.has(wanted) ? wanted : (foreign.get(wanted) ?? wanted);
    const other = places.get(place);
    if (other !== undefined) {
      throw new ArgumentError(
        `loadWeights: ${show(other)} and ${show(name)} of the file are both for ${show(place)}`,
      );
    }
    places.set(place, name);
  }
  const turned = transposed(own, layers, file, options);
  const flip = (shape: Shape): Shape => [shape[1], shape[0]];
  return {
    shapes: new Map(
      [...places].map(([place, name]) => {
        const { shape } = file.info(name);
        return [place, turned.has(place) && shape.length === 2 ? flip(shape) : shape];
      }),
    ),
    read: (place) => {
      const x = file.tensor(places.get(place) as string);
      return turned.has(place) ? ops.transpose(x) : x;
    },
  };
}

/** The names of the file with their new names. */
function renamed(
  names: readonly string[],
  nameOf: (name: string) => string,
  rename: LoadWeightsOptions["rename"],
): (readonly [name: string, wanted: string])[] {
  if (typeof rename === "object") {
    const known = new Set(names.map(nameOf));
    const unknown = Object.keys(rename).find((name) => !known.has(name));
    if (unknown !== undefined) {
      throw new ArgumentError(
        `loadWeights: rename: the file has no ${show(unknown)}; it has ${show([...known])}`,
      );
    }
  }
  return names.flatMap((name) => {
    const old = nameOf(name);
    const wanted: unknown =
      typeof rename === "function"
        ? rename(old)
        : rename !== undefined && Object.hasOwn(rename, old)
          ? rename[old]
          : old;
    if (wanted === null) return [];
    if (typeof wanted === "string") return [[name, wanted] as const];
    throw new ArgumentError(
      `loadWeights: rename must give a name or null for ${show(old)}, got ${show(wanted)}`,
    );
  });
}

/** The names that the tensors of the net have in PyTorch: without the `layers` of Sequential. */
function torchNames(names: readonly string[], layers: ReadonlyMap<string, Layer>): Map<string, string> {
  const out = new Map<string, string>();
  for (const name of names) {
    const segments = name.split(".");
    const field = segments.pop() as string;
    const kept: string[] = [];
    let path = "";
    for (const segment of segments) {
      if (segment !== "layers" || !(layers.get(path) instanceof Sequential)) kept.push(segment);
      path = path === "" ? segment : `${path}.${segment}`;
    }
    const layer = layers.get(path);
    const fields = TORCH_NAMES.find(([kind]) => layer instanceof kind)?.[1] ?? {};
    out.set([...kept, Object.hasOwn(fields, field) ? fields[field] : field].join("."), name);
  }
  return out;
}

/** The tensors of the net that the file has the other way round. */
function transposed(
  own: ReadonlyMap<string, Tensor>,
  layers: ReadonlyMap<string, Layer>,
  file: SafetensorsFile,
  { from, transpose }: LoadWeightsOptions,
): ReadonlySet<string> {
  const matrices = [...own].filter(([, { rank }]) => rank === 2).map(([name]) => name);
  if (typeof transpose === "function") return new Set(matrices.filter((name) => transpose(name)));
  if (transpose !== undefined) {
    const wrong = transpose.find((name) => !matrices.includes(name));
    if (wrong === undefined) return new Set(transpose);
    throw new ArgumentError(
      `loadWeights: transpose: the net has no matrix ${show(wrong)}; it has ${show(matrices)}`,
    );
  }
  const ownerOf = (name: string): Layer | undefined =>
    layers.get(name.slice(0, Math.max(0, name.lastIndexOf("."))));
  const isTable = (layer: Layer | undefined): boolean =>
    layer instanceof Embedding || layer instanceof LearnedPositions;
  const unsure = matrices.filter((name) => !isTable(ownerOf(name)));
  if (from === "torch") {
    const unknown = unsure.find((name) => !(ownerOf(name) instanceof Dense));
    if (unknown === undefined) return new Set(unsure);
    throw new ArgumentError(
      `loadWeights: from: "torch": ${show(unknown)} is a matrix of a layer of your own: list the matrices to transpose, ` +
        `such as transpose: ${show(unsure)}`,
    );
  }
  const program = OUT_IN.get(file.metadata.get("format") ?? "");
  if (from === undefined && program !== undefined && unsure.length > 0 && !file.metadata.has(KIND)) {
    throw new ArgumentError(
      `loadWeights: the file is from ${program}, whose linear layers have matrices [out, in], and gradus' have [in, out]: ` +
        'pass from: "torch" to transpose them and to find its names, or from: "gradus" if they are [in, out] already',
    );
  }
  return new Set();
}
