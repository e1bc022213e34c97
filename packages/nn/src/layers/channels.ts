import { formatShape, type Shape, ShapeError } from "@gradus/core";
import { channelsFirst } from "../ops/images.ts";

/**
 * Throws unless the last axis of an input has the channels of a layer; says how to turn images that have them first.
 *
 * @param axes the axes of the input between the batch and the channels, for messages: `height, width`.
 * @param rank number of axes of the input. Default: any from 2 on.
 */
export function checkChannels(
  layer: object,
  shape: Shape,
  channels: number,
  axes: string,
  rank: number = Math.max(2, shape.length),
): void {
  if (shape.length === rank && shape[rank - 1] === channels) return;
  const first = (rank === 3 || rank === 4) && shape.length === rank && shape[1] === channels;
  throw new ShapeError(
    `${layer}: expects an input [N, ${axes}, ${channels}], got ${formatShape(shape)}${first ? channelsFirst(shape, "x") : ""}`,
  );
}
