/** A ReLU net as plain numbers, for counting its regions. */
import { ArgumentError, formatShape, relu, ShapeError, show } from "@gradus/core";
import { Dense, FunctionLayer, layersInOrder, Sequential } from "@gradus/nn";

/** y = x·W + b, followed by ReLU or not. */
export interface AffineLayer {
  /** W, one row for each input: [in][out]. */
  readonly weight: readonly (readonly number[])[];
  /** b, [out]. */
  readonly bias: readonly number[];
  readonly relu: boolean;
}

/** A net of `Dense` layers and `ReLU` or `relu`, or its weights. */
export type ReluNet = Sequential | readonly AffineLayer[];

/**
 * The layers of a net, checked.
 *
 * @throws ArgumentError for any other layer, no layer or a weight that is not finite; ShapeError for layers that
 *   do not fit together.
 */
export function layersOf(who: string, net: ReluNet): readonly AffineLayer[] {
  const layers = net instanceof Sequential ? convert(who, net) : net;
  if (!Array.isArray(layers)) {
    throw new ArgumentError(`${who}: a net is a Sequential or a list of layers, got ${show(net)}`);
  }
  if (layers.length === 0) {
    throw new ArgumentError(`${who}: the net has no Dense layer, so it is linear everywhere; add one`);
  }
  layers.forEach((layer, i) => {
    check(who, layer, i, layers[i - 1]?.bias.length);
  });
  return layers;
}

function convert(who: string, net: Sequential): AffineLayer[] {
  const layers: AffineLayer[] = [];
  let startsWithRelu = false;
  for (const { path, layer } of layersInOrder(net)) {
    if (layer instanceof Dense && (layer.activation === null || layer.activation === relu)) {
      if (startsWithRelu && layers.length === 0) layers.push(identity(layer.inputSize));
      layers.push(affine(layer));
    } else if (layer instanceof FunctionLayer && layer.activation === relu) {
      const last = layers.pop();
      if (last) layers.push({ ...last, relu: true });
      else startsWithRelu = true;
    } else {
      throw new ArgumentError(
        `${who}: ${path === "" ? "" : `${path} of `}the net is ${layer}: regions are counted for Dense and ReLU layers ` +
          "only; leave out layers that do nothing in evaluation",
      );
    }
  }
  return layers;
}

function affine({ weight, bias, inputSize, outputSize, activation }: Dense): AffineLayer {
  return {
    weight: Array.from({ length: inputSize }, (_, i) => [
      ...weight.data.subarray(i * outputSize, (i + 1) * outputSize),
    ]),
    bias: bias ? [...bias.data] : new Array(outputSize).fill(0),
    relu: activation === relu,
  };
}

/** x → ReLU(x). */
function identity(size: number): AffineLayer {
  const range = Array.from({ length: size }, (_, i) => i);
  return {
    weight: range.map((row) => range.map((column) => (row === column ? 1 : 0))),
    bias: range.map(() => 0),
    relu: true,
  };
}

function check(who: string, layer: AffineLayer, i: number, before: number | undefined): void {
  const { weight, bias } = layer ?? {};
  if (!Array.isArray(weight) || !Array.isArray(bias) || typeof layer.relu !== "boolean") {
    throw new ArgumentError(
      `${who}: layer ${i} must be { weight: number[][], bias: number[], relu: boolean }`,
    );
  }
  const ragged = weight.find((row) => row?.length !== bias.length);
  if (ragged !== undefined || weight.length === 0) {
    throw new ShapeError(
      `${who}: layer ${i} has ${bias.length} biases, so each of its inputs needs ${bias.length} weights, got ` +
        (ragged === undefined ? "no inputs" : `${ragged.length}; weight is [in][out]`),
    );
  }
  if (before !== undefined && before !== weight.length) {
    throw new ShapeError(
      `${who}: layer ${i} with weight ${formatShape([weight.length, bias.length])} follows ${before} units`,
    );
  }
  const wrong = [...weight.flat(), ...bias].find((value) => !Number.isFinite(value));
  if (wrong !== undefined) {
    throw new ArgumentError(
      `${who}: layer ${i} has the weight ${show(wrong)}, and regions need finite ones; did training diverge?`,
    );
  }
}
