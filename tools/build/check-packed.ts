/**
 * Installs the packed tarballs into an empty npm project outside the workspace and uses them there, from a plain
 * `.mjs`, from what Vite bundles of it and from a TypeScript 5.9 file: what a user gets, not what the workspace sees.
 * Run by `pnpm check:packages`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { methodComplaints } from "./editor-view.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = mkdtempSync(join(tmpdir(), "gradus-packed-"));
/** Prints the names of the ops that are methods of Tensor. */
const METHODS = `import { ops } from "@gradus/core";
console.log(Object.values(ops).flatMap(({ spec }) => ("list" in spec ? [] : spec.name)).join());`;
const run = (command: string, args: string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });

try {
  for (const name of readdirSync(join(root, "packages"))) {
    run("pnpm", ["pack", "--pack-destination", project], join(root, "packages", name));
  }
  const tarballs = readdirSync(project).filter((file) => file.endsWith(".tgz"));
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module" }),
  );
  run(
    "npm",
    ["install", "--no-audit", "--no-fund", "typescript@5.9", ...tarballs.map((file) => `./${file}`)],
    project,
  );

  const program = `
import { backward, createRng, crossEntropy, kernels, ops, tensor } from "@gradus/core";
import { Dense, layerOps, namedParameters, SELU, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";
import { Dataset } from "@gradus/data";
import { evaluate } from "@gradus/train";

const rng = createRng(1);
const net = new Sequential(new Dense(2, 8, { rng: rng.split("hidden") }), new SELU(), new Dense(8, 2, { rng: rng.split("out") }));
const adam = new Adam(namedParameters(net), { learningRate: 0.05 });
const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]);
const labels = tensor([0, 1, 1, 0]);
let loss = Number.POSITIVE_INFINITY;
for (let step = 0; step < 200; step++) {
  const value = crossEntropy(net.forward(x).mul(1), labels);
  adam.step(backward(value));
  loss = value.item();
}
if (!(loss < 0.05)) throw new Error("XOR was not learned: loss " + loss);
const data = new Dataset({ inputs: Float64Array.from(x.data), inputShape: [2], targets: Uint8Array.from(labels.data) });
const result = evaluate(net, data, { loss: crossEntropy });
if (result.accuracy !== 1) throw new Error("accuracy " + result.accuracy);
if (kernels().name !== "wasm") throw new Error("the kernels are " + kernels().name);

for (const { spec } of Object.values({ ...ops, ...layerOps })) {
  if ("formula" in spec || "source" in spec) throw new Error(spec.name + " still has its formula or source");
}
`;
  writeFileSync(join(project, "plain.mjs"), program);
  run("node", ["plain.mjs"], project);
  // A bundler must neither drop the methods of Tensor nor the kernels, which nothing names.
  await build({
    configFile: false,
    root: project,
    logLevel: "error",
    build: {
      outDir: "bundled",
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: "plain.mjs", output: { entryFileNames: "bundled.mjs" } },
    },
  });
  run("node", ["bundled/bundled.mjs"], project);
  writeFileSync(
    join(project, "typed.ts"),
    `${program}\nconst shape: readonly number[] = x.matmul(x.transpose()).shape;\n// @ts-expect-error: methods are typed\nx.sum({ axis: 0 });\n// @ts-expect-error: it is left out\nconst formula: string = ops.relu.spec.formula;\nif (shape.length !== 2) throw new Error();\n`,
  );
  for (const resolution of [
    ["nodenext", "nodenext"],
    ["esnext", "bundler"],
  ]) {
    const [module, moduleResolution] = resolution;
    run(
      "npx",
      [
        "tsc",
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        module,
        "--moduleResolution",
        moduleResolution,
        "typed.ts",
      ],
      project,
    );
  }
  const methods = run("node", ["--input-type=module", "--eval", METHODS], project).trim().split(",");
  const complaints = methodComplaints(project, methods);
  if (methods.length < 80 || complaints.length > 0)
    throw new Error(`methods of Tensor: ${complaints.join("\n")}`);
  console.log(`The ${tarballs.length} packed packages install and work outside the workspace.`);
} finally {
  rmSync(project, { recursive: true, force: true });
}
