import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultServerConditions } from "vite";
import { configDefaults, defineConfig } from "vitest/config";
import { slow } from "./vitest.slow.ts";

const packages = readdirSync(new URL("packages", import.meta.url));
const inRoot = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Their tests run without the engine, on the plain loops; lint keeps it out of them. */
const plain = ["core", "data", "nn", "optim", "snn"];
const testsOf = (names: readonly string[]): string[] => names.map((name) => `packages/${name}/test`);
/** Test files of one project share processes, so that each process loads the packages once. */
const projects = [
  { name: "plain", folders: testsOf(plain) },
  { name: "engine", folders: [...testsOf(packages.filter((name) => !plain.includes(name))), "site/test"] },
  { name: "repository", folders: ["tools"] },
];

/**
 * `*.long.test.ts` are the full-length forms of tests that have a short form in the `*.test.ts` beside them: `pnpm test:long`
 * runs only these. `pnpm test:quick` leaves out the files that take most of the time.
 *
 * vitest 4 ignores this file's name: `vitest.config.ts` re-exports it, and each project must say `extends: true`.
 */
export default defineConfig(({ mode }) => ({
  // Only `ssr.resolve.conditions` counts for tests under Node, and it replaces Vite's defaults.
  ssr: { resolve: { conditions: ["@gradus/source", ...defaultServerConditions] } },
  test: {
    // Long, because a slow machine is no failure: no test measures time.
    testTimeout: mode === "long" ? 900_000 : 120_000,
    // One process for many files: starting a process and loading the packages takes longer than most files.
    // vitest.setup.ts checks that a file restores all global state.
    isolate: false,
    maxWorkers: "100%",
    projects: projects.map(({ name, folders }) => ({
      extends: true as const,
      test: {
        name,
        // Transformed files are kept for the next run, by their contents. Only for daily work: a changed `exports` of a
        // package would not be seen.
        experimental: { fsModuleCache: mode === "quick" },
        setupFiles: ["vitest.setup.ts", ...(name === "plain" ? [] : ["vitest.engine.ts"])].map(inRoot),
        include: folders.map(
          (folder) => `${folder}/**/*.${mode === "long" ? "long.test.ts" : "test.{ts,tsx}"}`,
        ),
        exclude: [
          ...configDefaults.exclude,
          ...(mode === "long" ? [] : ["**/*.long.test.ts"]),
          ...(mode === "quick" ? slow : []),
        ],
      },
    })),
  },
}));
