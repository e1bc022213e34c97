import { createRng, math, ops, Tensor } from "@gradus/core";
import { compile } from "@gradus/engine";
import { alternate, type Contestant, report } from "./alternate.ts";

const LENGTH = 65_536;

/** Functions of one number that are also ops. */
type Elementary = Exclude<keyof typeof math & keyof typeof ops, "pow">;

/** gradus' own functions, plain and SIMD, against those of the JavaScript engine, and random numbers, over 65,536 elements. */
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
    const contestants = [
      loop("engine", Math[name], input),
      loop("gradus", math[name], input),
      ...simd(name, input),
    ];
    report(name, alternate(contestants, 101), unit);
  }
  // Functions that JavaScript does not have are compared with the formula in functions that it has.
  const formulas = {
    sigmoid: (value: number) => 1 / (1 + Math.exp(-value)),
    logSigmoid: (value: number) => -Math.log1p(Math.exp(-value)),
    softplus: (value: number) => Math.log1p(Math.exp(value)),
  };
  for (const name of Object.keys(formulas) as (keyof typeof formulas)[]) {
    const [formula, own] = [formulas[name], math[name]];
    report(name, alternate([loop("engine", formula, x), loop("gradus", own, x), ...simd(name, x)], 31), unit);
  }
  const power = (f: (x: number, y: number) => number) => (value: number) => f(value, 2.5);
  report(
    "pow",
    alternate([loop("engine", power(Math.pow), positive), loop("gradus", power(math.pow), positive)], 31),
    unit,
  );
  const rng = createRng("bench");
  report(
    "random numbers",
    alternate([
      { name: "fill", run: () => rng.fill(out) },
      { name: "next", run: () => repeat(() => rng.next()) },
      { name: "normal", run: () => rng.normal([LENGTH]) },
    ]),
    unit,
  );
}

/** The kernel of a function, if it has one, timed inside a compiled call: copies in and out are not counted. */
function simd(name: Elementary, input: Float64Array): Contestant[] {
  const x = new Tensor(input, [LENGTH]);
  const compiled = compile((x: Tensor) => ops[name](x));
  compiled(x);
  if (compiled.profile(x).some(({ by }) => by !== "engine")) return [];
  return [{ name: "gradus, SIMD", run: () => compiled.profile(x).reduce((sum, { ms }) => sum + ms, 0) }];
}

function repeat(draw: () => number): void {
  for (let i = 0; i < LENGTH; i++) draw();
}
