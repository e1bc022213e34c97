import { join } from "node:path";
import { expect } from "vitest";
import { type OptimizerName, train } from "./training.ts";

/**
 * Breaks a training off after each of some steps and goes on with it, op by op where it was compiled and the other way
 * round: nothing may tell it from one that was not broken off.
 */
export async function expectToGoOn(
  dir: string,
  optimizer: OptimizerName,
  steps: readonly number[],
): Promise<void> {
  const whole = await train({ optimizer });
  for (const [i, until] of steps.entries()) {
    const place = join(dir, String(until));
    const compile = i % 2 === 0;
    expect((await train({ optimizer, dir: place, until, compile })).digest).toBeNull();
    const rest = await train({ optimizer, dir: place, resume: true, compile: !compile });
    expect(rest.digest, `broken off after step ${until}`).toBe(whole.digest);
    expect(rest.history?.hashes).toEqual(whole.history?.hashes);
    expect(rest.rates).toEqual(whole.rates);
    const values = (of: typeof whole): unknown =>
      of.history?.epochs.map(({ seconds: _, ...values }) => values);
    expect(values(rest)).toEqual(values(whole));
  }
}
