import {
  ArgumentError,
  checkShape,
  formatShape,
  type NetInput,
  type NotInferred,
  noMore,
  type PerInput,
  type Shape,
  Tensor,
  zeros,
} from "@gradus/core";
import { isNamed } from "@gradus/core/internal";
import { alignColumns } from "@gradus/core/text";
import { type Layer, layerName, layerOutputs, namedParameters } from "@gradus/nn";
import { checkNet } from "./checks.ts";

interface Row {
  readonly layer: string;
  readonly output: string;
  readonly parameters: number;
}

/**
 * A net as an aligned table: each layer with its output shape and number of parameters, and the total.
 *
 * To find the shapes it calls the net in evaluation mode, with one sample of zeros; nothing is changed. Each layer of a
 * Sequential is a row; any other net is one row.
 *
 * @param inputShape the shape of *one* sample, without the batch axis; for a net with several inputs an object with the shape of
 *   each name.
 * @throws ShapeError if a layer does not fit its input, naming the layer.
 * @example console.log(summary(net, [784]));
 */
export function summary<In = Tensor>(net: Layer<In>, inputShape: ShapesOf<NotInferred<In>>): string;
export function summary(
  net: Layer<NetInput>,
  inputShape: PerInput<string, Shape>,
  ...extra: readonly undefined[]
): string {
  noMore("summary", "net, inputShape", extra);
  checkNet("summary", net);
  const one = (shape: Shape, who: string): Tensor => zeros([1, ...checkShape(shape, who)]);
  const x: NetInput = isNamed<Shape>(inputShape)
    ? Object.fromEntries(
        Object.entries(inputShape).map(([name, shape]) => [name, one(shape, `summary: ${name}`)]),
      )
    : one(inputShape, "summary");
  const counted = new Set<Tensor>();
  const rows = layerOutputs(net, x).map(({ layer, output }): Row => {
    return { layer: layerName(layer), output: batchShape(output), parameters: countNew(layer, counted) };
  });
  const inputs =
    x instanceof Tensor
      ? [["input", x] as const]
      : Object.entries(x).map(([name, each]) => [`input ${name}`, each] as const);
  return table([
    ...inputs.map(([layer, each]): Row => ({ layer, output: batchShape(each), parameters: 0 })),
    ...rows,
  ]);
}

/** The shape of one sample; for several inputs that of each name. */
export type ShapesOf<In> = [In] extends [Tensor] ? Shape : { readonly [Name in keyof In]: Shape };

/** The shape with the batch axis left open. */
function batchShape(x: Tensor): string {
  if (x.rank === 0) throw new ArgumentError("summary: the net gives a scalar, not one output per sample");
  return formatShape(x.shape).replace(/^\[1(?=[,\]])/, "[n");
}

/** The number of parameters that were not counted with an earlier layer: shared ones count once. */
function countNew(layer: Layer, counted: Set<Tensor>): number {
  let total = 0;
  for (const [, parameter] of namedParameters(layer)) {
    if (!counted.has(parameter)) total += parameter.size;
    counted.add(parameter);
  }
  return total;
}

function table(rows: readonly Row[]): string {
  const total = rows.reduce((sum, { parameters }) => sum + parameters, 0);
  const cells = [
    ["layer", "output", "parameters"],
    ...rows.map(({ layer, output, parameters }) => [layer, output, thousands(parameters)]),
    ["total", "", thousands(total)],
  ];
  const lines = alignColumns(cells, [0, 1]);
  const rule = "─".repeat(lines[0].length);
  const bytes = `${thousands(8 * total)} bytes as float64`;
  return [
    lines[0],
    rule,
    ...lines.slice(1, -1),
    rule,
    lines[lines.length - 1],
    bytes.padStart(lines[0].length),
  ].join("\n");
}

/** 102070 as `102,070`, whatever the locale. */
function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}
