import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const packages = readdirSync(new URL("packages", import.meta.url));

/** vitest 4 ignores this file's name: `vitest.config.ts` re-exports it, and each project must say `extends: true`. */
export default defineConfig({
  // Only `ssr.resolve.conditions` counts for tests under Node, and it replaces Vite's defaults.
  ssr: { resolve: { conditions: ["@gradus/source", ...defaultServerConditions] } },
  test: {
    // Generous: a slow machine is no failure, and no test is about time.
    testTimeout: 120_000,
    setupFiles: [fileURLToPath(new URL("vitest.setup.ts", import.meta.url))],
    projects: [
      ...packages.map((name) => ({
        extends: true as const,
        test: { name, include: [`packages/${name}/test/**/*.test.ts`] },
      })),
      {
        extends: true as const,
        test: {
          name: "repository",
          include: ["tools/**/*.test.ts"],
        },
      },
    ],
  },
});
