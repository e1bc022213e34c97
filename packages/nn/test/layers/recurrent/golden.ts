import { readFileSync } from "node:fs";
import { createRng, relu, type Tensor, tensor } from "@gradus/core";
import { expect } from "vitest";
import { Bidirectional, type Cell, GRU, LSTM, type Recurrent, SimpleRNN } from "../../../src/index.ts";

/** A tensor in the fixture. */
export interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

type StoredCell = { readonly [K in keyof Cell]: Stored | null };

interface Sizes {
  readonly name: string;
  readonly kind: "SimpleRNN" | "GRU" | "LSTM";
  readonly inputSize: number;
  readonly size: number;
}

/** One case of the fixture; recurrent.py describes the fields. */
export interface GoldenCase extends Sizes {
  readonly source: "PyTorch" | "NumPy";
  readonly layers: number;
  readonly bidirectional: boolean;
  readonly options: object;
  readonly relu: boolean;
  readonly cells: readonly (readonly StoredCell[])[];
  readonly x: Stored;
  readonly lengths?: readonly number[];
  readonly mask?: Stored;
  readonly initial?: readonly Stored[];
  readonly output: Stored;
  readonly states: readonly Stored[];
  readonly cotangent?: Stored;
  readonly gradients?: { readonly x: Stored; readonly cells: readonly (readonly StoredCell[])[] };
}

interface DenseValues {
  readonly weight: Stored;
  readonly bias: Stored;
}

/** A training; recurrent.py describes the fields. */
export interface Trajectory extends Sizes {
  readonly optimizer: "Adam" | "SGD";
  readonly options: { readonly learningRate: number; readonly momentum?: number };
  readonly x: Stored;
  readonly y: Stored;
  readonly cells: readonly StoredCell[];
  readonly dense: DenseValues;
  readonly losses: readonly number[];
  readonly last: { readonly cells: readonly StoredCell[]; readonly dense: DenseValues };
}

const url = new URL("../../fixtures/recurrent.json", import.meta.url);

/** The values of recurrent.py. */
export const golden: { readonly cases: readonly GoldenCase[]; readonly trajectories: readonly Trajectory[] } =
  JSON.parse(readFileSync(url, "utf8"));

export const read = ({ shape, data }: Stored): Tensor => tensor(Float64Array.from(data), shape);

/** A layer with the parameters of the fixture. */
export function recurrentOf(
  { kind, inputSize, size }: Sizes,
  cells: readonly StoredCell[],
  options: object = {},
): Recurrent {
  const rng = createRng("golden");
  const layer = new { SimpleRNN, GRU, LSTM }[kind](inputSize, size, {
    rng,
    layers: cells.length,
    ...options,
  });
  layer.cells.forEach((cell, i) => {
    for (const name of parametersOf(cell)) cell[name]?.assign(read(cells[i][name] as Stored));
  });
  return layer;
}

/** The layer of a case. */
export function layerOf(golden: GoldenCase): Recurrent | Bidirectional {
  const options = { returnSequences: true, ...golden.options, ...(golden.relu ? { activation: relu } : {}) };
  const [forward, backward] = golden.cells.map((cells) => recurrentOf(golden, cells, options));
  return backward ? new Bidirectional(forward, backward) : forward;
}

/** The cells of each direction. */
export function cellsOf(layer: Recurrent | Bidirectional): readonly (readonly Cell[])[] {
  return layer instanceof Bidirectional
    ? [layer.forwardLayer.cells, layer.backwardLayer.cells]
    : [layer.cells];
}

/** The names of the parameters that a cell has. */
export function parametersOf(cell: Cell): (keyof Cell)[] {
  return (["weight", "recurrentWeight", "bias", "recurrentBias"] as const).filter((name) => cell[name]);
}

/** |actual − expected| ≤ tolerance·(1 + |expected|), and the same shape. */
export function expectNear(actual: Tensor, { shape, data }: Stored, tolerance: number, what: string): void {
  expect(actual.shape, what).toEqual(shape);
  data.forEach((value, i) => {
    const error = Math.abs(actual.data[i] - value);
    expect(error, `${what}[${i}]: ${actual.data[i]} instead of ${value}`).toBeLessThanOrEqual(
      tolerance * (1 + Math.abs(value)),
    );
  });
}
