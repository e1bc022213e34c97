/** The digits for the job. */
import { loadMnist } from "@gradus/data/node";
import { DIGIT_BYTES } from "./job.ts";

/** The first training digits of MNIST: all their pixels, then all their labels. */
export async function readDigits(count: number): Promise<Uint8Array> {
  const { train } = await loadMnist();
  const { inputs, targets } = train.take(count);
  const digits = new Uint8Array(DIGIT_BYTES * count);
  digits.set(inputs as Uint8Array);
  digits.set(targets as Uint8Array, (DIGIT_BYTES - 1) * count);
  return digits;
}
