import { fileURLToPath } from "node:url";
import { build, defaultClientConditions, type Plugin } from "vite";
import { opsForPages } from "./ops-for-pages.ts";

const entry = fileURLToPath(new URL("../src/walk/program-worker.ts", import.meta.url));

/**
 * `virtual:gradus-program-worker` is the address of the worker that runs programs, as one classic script: a worker that is a module
 * does not start from a Blob in a frame with `sandbox` (Chromium).
 */
export function programWorkerPlugin(): Plugin {
  const name = "virtual:gradus-program-worker";
  return {
    name: "gradus-program-worker",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      const built = await build({
        configFile: false,
        publicDir: false,
        logLevel: "warn",
        resolve: { conditions: ["@gradus/source", ...defaultClientConditions] },
        plugins: [opsForPages()],
        build: {
          write: false,
          target: "es2022",
          lib: { entry, formats: ["iife"], name: "worker" },
        },
      });
      const { output } = [built].flat()[0] as { output: readonly { code: string }[] };
      const file = this.emitFile({ type: "asset", name: "program-worker.js", source: output[0].code });
      return `export default import.meta.ROLLUP_FILE_URL_${file};`;
    },
  };
}
