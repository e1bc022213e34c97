import { createRng, math } from "@gradus/core";
import { alternate, report } from "./alternate.ts";

const LENGTH = 65_536;

/** gradus's own functions against the engine's, and the random numbers, over 65,536 elements. */
export function elementwise(): void {
  const x = createRng("bench").normal([LENGTH], { std: 2 }).data;
  const positive = x.map((value) => Math.abs(value) + 0.01);
  const out = new Float64Array(LENGTH);
  const unit = { name: "ns", of: (ms: number) => (1e6 * ms) / LENGTH };
  const loop = (name: string, f: (x: number) => number, input: Float64Array) => ({
    name,
    run: () => {
      for (let i = 0; i < LENGTH; i++) out[i] = f(input[i]);
    },
  });
  for (const name of ["exp", "expm1", "log", "log1p", "tanh", "sin", "cos"] as const) {
    const input = name.startsWith("log") ? positive : x;
    report(name, alternate([loop("engine", Math[name], input), loop("gradus", math[name], input)], 31), unit);
  }
  const rng = createRng("bench");
  report(
    "random numbers",
    alternate([
      { name: "uniform", run: () => rng.uniform([LENGTH]) },
      { name: "normal", run: () => rng.normal([LENGTH]) },
    ]),
    unit,
  );
}
