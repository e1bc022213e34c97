import { concat, createRng, mse, type Tensor } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { Dense, type Layer, type Mode, namedParameters } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import type { FitOptions } from "../../src/index.ts";

export interface Inputs {
  readonly image: Tensor;
  readonly table: Tensor;
}

/** Two towers, an image [2, 2] and a row of 3 numbers, whose outputs [n, 4] and [n, 2] a Dense layer takes together. */
export class Towers implements Layer<Inputs> {
  readonly image: Dense;
  readonly table: Dense;
  readonly head: Dense;
  constructor(seed = "towers") {
    const rng = createRng(seed);
    this.image = new Dense(4, 4, { rng });
    this.table = new Dense(3, 2, { rng });
    this.head = new Dense(6, 1, { rng });
  }
  forward({ image, table }: Inputs, mode?: Mode): Tensor {
    const towers = [this.image.forward(image.flatten({ start: 1 }), mode), this.table.forward(table, mode)];
    return this.head.forward(
      concat(
        towers.map((x) => x.tanh()),
        { axis: 1 },
      ),
      mode,
    );
  }
}

/** n samples whose target is a function of both inputs. */
export function towers(n = 50): Dataset<"image" | "table"> {
  const rng = createRng("data");
  const [image, table] = [rng.normal([n, 2, 2]), rng.normal([n, 3])];
  const targets = Array.from({ length: n }, (_, i) => [image.data[4 * i] * 0.5 - table.data[3 * i + 1]]);
  return new Dataset({ inputs: { image, table }, targets });
}

export const optionsFor = (net: object, changes: object = {}): FitOptions<"image" | "table"> => ({
  optimizer: new Adam(namedParameters(net), { learningRate: 0.01 }),
  loss: mse,
  epochs: 3,
  batchSize: 8,
  rng: createRng("training"),
  ...changes,
});
