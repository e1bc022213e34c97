/** The call that a card shows with its numbers: one of the samples, small enough to be read. */
import { createRng } from "@gradus/core";
import { drawInputs } from "@gradus/core/testing";
import type { CatalogueEntry, SampleEntry } from "../../../tools/catalogue/catalogue.ts";
import { fromPlain } from "../../../tools/catalogue/plain-params.ts";
import { evaluate, type OpCall, type OpResult } from "./evaluate.ts";

/** A call and its results. */
export interface Example {
  readonly call: OpCall;
  readonly result: OpResult;
}

/** So many numbers say something and are still easy to read. */
const BEST = 14;

/** The sample whose count of numbers is nearest to the best one; of several the first. */
export function exampleOf(entry: CatalogueEntry): Example {
  const made = entry.samples
    .map((sample, i) => exampleFrom(entry, sample, i))
    .filter((one) => sizeOf(one) > 0);
  const distance = (one: Example): number => Math.abs(Math.log(sizeOf(one) / BEST));
  return made.reduce((best, one) => (distance(one) < distance(best) ? one : best));
}

/** The count of all numbers; 0 if some tensor is empty. */
function sizeOf({ call, result }: Example): number {
  const sizes = [...call.inputs, ...result.outs].map(({ data }) => data.length);
  return sizes.includes(0) ? 0 : sizes.reduce((a, b) => a + b, 0);
}

function exampleFrom(entry: CatalogueEntry, sample: SampleEntry, i: number): Example {
  const list = entry.kind === "defineListOp";
  const drawn = drawInputs(
    { inputs: sample.inputs, params: fromPlain(sample.params) },
    createRng(`card of ${entry.name}/${i}`),
  ).map(({ data, shape }) => ({ shape: [...shape], data: [...data] }));
  const call = { op: entry.name, list, inputs: drawn, params: sample.params };
  const rounded = drawn.map(({ shape, data }) => ({ shape, data: data.map((x) => Math.round(10 * x) / 10) }));
  try {
    return { call: { ...call, inputs: rounded }, result: evaluate({ ...call, inputs: rounded }, 0) };
  } catch {
    return { call, result: evaluate(call, 0) }; // such as probabilities, which rounding moves out of their range
  }
}
