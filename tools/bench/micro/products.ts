import { blockedProduct, createRng, plainProduct } from "@gradus/core";
import { alternate, report } from "./alternate.ts";

/** Matrix products of a training step of 784-512-512-10 at batch 128: the plain loops against the blocked ones. */
export function products(): void {
  const sizes = [
    { m: 128, k: 784, n: 512 },
    { m: 128, k: 512, n: 512, transposeB: true },
    { m: 784, k: 128, n: 512, transposeA: true },
  ];
  for (const options of sizes) {
    const { m, k, n } = options;
    const rng = createRng("bench");
    const [a, b, out] = [rng.normal([m * k]).data, rng.normal([k * n]).data, new Float64Array(m * n)];
    const side = options.transposeA ? "aᵀ·b" : options.transposeB ? "a·bᵀ" : "a·b";
    report(
      `${side} with m, k, n = ${m}, ${k}, ${n}`,
      alternate(
        [
          { name: "plain", run: () => plainProduct(a, b, out, options) },
          { name: "blocked", run: () => blockedProduct(a, b, out, options) },
        ],
        7,
      ),
      { name: "GFLOP/s", of: (ms) => (2 * m * k * n) / ms / 1e6 },
    );
  }
}
