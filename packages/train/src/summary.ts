import { ArgumentError, checkShape, formatShape, noMore, type Shape, type Tensor, zeros } from "@gradus/core";
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
 * @param inputShape the shape of *one* sample, without the batch axis.
 * @throws ShapeError if a layer does not fit its input, naming the layer.
 * @example console.log(summary(net, [784]));
 */
export function summary(net: Layer, inputShape: Shape, ...extra: readonly undefined[]): string {
  noMore("summary", "net, inputShape", extra);
  checkNet("summary", net);
  const sample = checkShape(inputShape, "summary");
  const x = zeros([1, ...sample]);
  const counted = new Set<Tensor>();
  const rows = layerOutputs(net, x).map(({ layer, output }): Row => {
    return { layer: layerName(layer), output: batchShape(output), parameters: countNew(layer, counted) };
  });
  return table([{ layer: "input", output: batchShape(x), parameters: 0 }, ...rows]);
}

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
