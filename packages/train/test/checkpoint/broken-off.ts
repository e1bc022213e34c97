import { join } from "node:path";
import { expect } from "vitest";
import { type OptimizerName, train } from "./training.ts";

/**
 * Interrupts a training after each of some steps and resumes it: op by op if it was compiled, compiled if it ran op by
 * op. The bits must be those of an uninterrupted training.
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
