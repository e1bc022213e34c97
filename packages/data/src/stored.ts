import { ArgumentError, formatShape, type PerInput, ShapeError, show, tagOf } from "@gradus/core";
import {
  type CommonOptions,
  checkCommon,
  checkNames,
  type DatasetOptions,
  nameOf,
} from "./dataset-options.ts";
import { checkColumns, type InputColumn } from "./input-columns.ts";
import { type InputList, inputList } from "./input-list.ts";
import { checkIndices, checkLabels, Samples } from "./samples.ts";

/** All that a dataset stores for each sample. Parts of a dataset share the arrays. @internal */
export class Stored {
  readonly inputs: InputList<Samples>;
  readonly targets: Samples;
  readonly weights: Samples | undefined;

  constructor(inputs: InputList<Samples>, targets: Samples, weights?: Samples) {
    this.inputs = inputs;
    this.targets = targets;
    this.weights = weights;
  }

  /** The samples with these indices, in this order. */
  select(indices: ArrayLike<number>): Stored {
    const rows = Uint32Array.from(indices);
    return this.#with((samples) => samples.select(rows));
  }

  /** The samples from `start` up to but not including `end`. */
  slice(start: number, end: number): Stored {
    return this.#with((samples) => samples.slice(start, end));
  }

  #with(part: (samples: Samples) => Samples): Stored {
    return new Stored(this.inputs.map(part), part(this.targets), this.weights && part(this.weights));
  }

  /** Writes the weights of the samples with these indices, if there are weights. */
  readWeights(indices: ArrayLike<number>, out: Float64Array | undefined): void {
    if (out) this.weights?.gather(indices, out);
  }

  /** The array for each input. Throws unless the arrays have room for exactly `count` samples. */
  checkRoom(
    count: number,
    inputs: PerInput<string, Float64Array>,
    targets: Float64Array,
    who: string,
    weights?: Float64Array,
  ): InputList<Float64Array> {
    const rooms = this.inputs.all<Float64Array>(inputs, who);
    for (const array of [...rooms.values, targets, ...(weights === undefined ? [] : [weights])]) {
      if (tagOf(array) === "Float64Array") continue;
      throw new ArgumentError(`${who}: writes into Float64Arrays, got ${show(array)}`);
    }
    if (weights !== undefined && weights.length !== count) {
      throw new ShapeError(`${who}: ${count} samples have as many weights, got room for ${weights.length}`);
    }
    const neededTargets = count * this.targets.size;
    for (const [i, { size }] of this.inputs.values.entries()) {
      const name = this.inputs.names?.[i];
      const room = rooms.values[i].length;
      if (room === count * size && targets.length === neededTargets) continue;
      throw new ShapeError(
        `${who}: ${count} samples take ${count * size} numbers${name === undefined ? "" : ` for ${name}`} and ${neededTargets} for ` +
          `targets, got room for ${room} and ${targets.length}`,
      );
    }
    return rooms;
  }
}

/** All that a dataset is made of. @internal */
export interface DatasetParts {
  readonly stored: Stored;
  readonly common: CommonOptions;
}

/** Checks the options of a dataset. @internal */
export function makeParts(options: DatasetOptions<string>): DatasetParts {
  checkNames(options);
  const stored = storeSamples(options);
  return { stored, common: checkCommon(options, stored.inputs) };
}

/** Checks all values that belong to the samples. */
function storeSamples(options: DatasetOptions<string>): Stored {
  const given = inputList(options.inputs, "Dataset: inputs");
  const shapes = given.given(options.inputShape as never, "Dataset: inputShape");
  const inputs = given.map((values, name, i) =>
    Samples.from(values, shapes.values[i], {
      what: nameOf("inputs", name),
      shapeName: nameOf("inputShape", name),
      needsShape: true,
    }),
  );
  const targets = Samples.from(options.targets, options.targetShape, {
    what: "targets",
    shapeName: "targetShape",
  });
  if (inputs.values.some(({ count }) => count !== targets.count)) {
    const counts = inputs.map(({ count }) => count);
    throw new ShapeError(
      inputs.names === undefined
        ? `Dataset: ${counts.values[0]} inputs but ${targets.count} targets: each input needs one`
        : `Dataset: ${targets.count} targets, but ${listed(counts)}: each target needs one sample of each input`,
    );
  }
  const { classes, columns, rows } = options;
  if (classes !== undefined) {
    if (targets.size !== 1) {
      throw new ShapeError(
        `Dataset: targets of shape ${formatShape(targets.shape)} are no class indices. Leave classes out`,
      );
    }
    checkLabels(targets.values, classes, "Dataset");
  }
  const lists = inputs.given<readonly InputColumn[]>(columns as never, "Dataset: columns");
  for (const [i, list] of lists.values.entries()) {
    const name = inputs.names?.[i];
    const who = name === undefined ? "Dataset" : `Dataset: ${name}`;
    if (list !== undefined) checkColumns(list, inputs.values[i].shape, who);
  }
  const stored = new Stored(inputs, targets, storeWeights(options.weights, targets.count));
  if (rows === undefined) return stored;
  checkIndices(rows, targets.count, "Dataset: rows");
  return stored.select(rows);
}

/** `100 of image, 99 of table`. */
function listed({ names = [], values }: InputList<number>): string {
  return names.map((name, i) => `${values[i]} of ${name}`).join(", ");
}

function storeWeights(given: DatasetOptions["weights"], count: number): Samples | undefined {
  if (given === undefined) return undefined;
  const weights = Samples.from(given, undefined, { what: "weights" });
  if (weights.shape.length > 0 || weights.count !== count) {
    throw new ShapeError(
      `Dataset: weights: needs one number for each of the ${count} samples, got ${weights.count} of shape ${formatShape(weights.shape)}`,
    );
  }
  const wrong = weights.values.findIndex((w) => w < 0);
  if (wrong >= 0) {
    throw new ArgumentError(
      `Dataset: weights: that of sample ${wrong} is ${weights.values[wrong]}, but must be ≥ 0`,
    );
  }
  if (count > 0 && weights.values.every((w) => w === 0)) {
    throw new ArgumentError("Dataset: weights: all are 0, so no sample would count");
  }
  return weights;
}
