import { createRng, type Tensor, tanh } from "@gradus/core";
import { compile } from "@gradus/engine";
import { Dense, Sequential } from "@gradus/nn";
import { predict, predictor } from "@gradus/train";

declare const performance: { now(): number };

const ROUNDS = 15;
const ROUND_MS = 20;

/** The mean time of a call over some milliseconds, in microseconds. */
function microseconds(call: () => unknown): number {
  const start = performance.now();
  let calls = 0;
  do {
    for (let i = 0; i < 10; i++) call();
    calls += 10;
  } while (performance.now() - start < ROUND_MS);
  return (1000 * (performance.now() - start)) / calls;
}

/** Times the ways to compute a net for few rows, and prints a table. */
export function singleRows(): void {
  const rng = createRng("single rows");
  const nets: readonly (readonly [name: string, inputs: number, net: Sequential])[] = [
    ["2-8-2, tanh", 2, new Sequential(new Dense(2, 8, { rng }), tanh, new Dense(8, 2, { rng }))],
    [
      "784-128-10, tanh",
      784,
      new Sequential(new Dense(784, 128, { rng }), tanh, new Dense(128, 10, { rng })),
    ],
  ];
  console.log(`microseconds a call; the least of ${ROUNDS} rounds of ${ROUND_MS} ms, in turn\n`);
  console.log(
    "| net | rows | `net.forward(x)` | `predict(net, x)` | kept `predictor(net)` | kept `compile` |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [name, inputs, net] of nets) {
    for (const rows of [1, 8, 32]) {
      const x = rng.normal([rows, inputs]);
      const kept = predictor(net);
      const compiled = compile((y: Tensor) => net.forward(y));
      const ways = [() => net.forward(x), () => predict(net, x), () => kept(x), () => compiled(x)];
      const rounds = Array.from({ length: ROUNDS }, () => ways.map(microseconds));
      const times = ways.map((_, i) => Math.min(...rounds.map((round) => round[i])).toFixed(1));
      console.log(`| ${[name, rows, ...times].join(" | ")} |`);
      kept.release();
      compiled.release();
    }
  }
}
