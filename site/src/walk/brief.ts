import type { WatchedTensor } from "@gradus/core/watch";
import { shapeText, short } from "../ops/numbers.ts";

/** As many numbers as a line has room for. */
const FEW = 4;

/** The numbers of a tensor in one line: `6`, `[1, 2, 3]`, `[2, 3]: 1, 2, 3, 4, …`. */
export function brief({ shape, numbers }: WatchedTensor): string {
  const first = numbers.slice(0, FEW).map((x) => short(Number(x)));
  if (shape.length === 0) return first[0];
  const more = numbers.length > FEW ? ", …" : "";
  return shape.length === 1 && more === ""
    ? `[${first.join(", ")}]`
    : `${shapeText(shape)}: ${first.join(", ")}${more}`;
}
