import { crossEntropy, ShapeError, type Tensor } from "@gradus/core";
import { expect, test } from "vitest";
import type { Loss } from "../src/index.ts";
import { fit } from "../src/index.ts";
import { optionsFor, points, rejection, smallNet } from "./support.ts";

/** Throws when it sees so many rows for the given time. */
function failing(rows: number, time: number): Loss {
  let seen = 0;
  return (output: Tensor, targets: Tensor) => {
    if (output.shape[0] === rows && ++seen === time) throw new ShapeError("odd rows");
    return crossEntropy(output, targets);
  };
}

// Ten samples in batches of four, the last of two, and a validation set of three. The trial calls the loss with two rows each time.
test.each([
  ["epoch 1, batch 1", 4, 1],
  ["epoch 2, batch 2", 4, 4],
  ["epoch 1, validation", 3, 1],
  ["epoch 2, validation", 3, 2],
])("an error of gradus says where training was: %s, compiled or not", async (place, rows, time) => {
  for (const compile of [true, false]) {
    const net = smallNet();
    const changes = { epochs: 3, batchSize: 4, validation: points(3), loss: failing(rows, time), compile };
    const error = await rejection(fit(net, points(10), optionsFor(net, changes)));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toBe(`fit: ${place}: odd rows`);
  }
});
