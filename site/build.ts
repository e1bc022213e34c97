/** Builds the pages with Vite: one index.html a folder, addresses relative, so that they work under any path. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, defaultClientConditions, type InlineConfig } from "vite";
import { cataloguePlugin } from "./plugins/catalogue.ts";
import { learningPlugin } from "./plugins/learning.ts";
import { liveCardsPlugin } from "./plugins/live-cards.ts";
import { opsForPages } from "./plugins/ops-for-pages.ts";
import { pagesPlugin } from "./plugins/pages.ts";
import { plansPlugin } from "./plugins/plans.ts";
import { programWorkerPlugin } from "./plugins/program-worker.ts";
import { walksPlugin } from "./plugins/walks.ts";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Where `pnpm site:build` writes. */
export const dist: string = join(root, "dist");

/** The folders that have a page, from the root of the site; "" is the first page. */
export function pageFolders(): string[] {
  const folders = readdirSync(root).filter(
    (name) => name !== "dist" && existsSync(join(root, name, "index.html")),
  );
  return ["", ...folders.map((name) => `${name}/`)];
}

/** The settings of a build. */
export function siteConfig(outDir: string): InlineConfig {
  return {
    root,
    base: "./",
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    resolve: { conditions: ["@gradus/source", ...defaultClientConditions] },
    plugins: [
      cataloguePlugin(),
      liveCardsPlugin(),
      walksPlugin(),
      plansPlugin(),
      learningPlugin(),
      programWorkerPlugin(),
      pagesPlugin(),
    ],
    worker: { format: "es", plugins: () => [opsForPages()] },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: {
        checks: { pluginTimings: false },
        input: pageFolders().map((folder) => join(root, folder, "index.html")),
      },
    },
  };
}

/** Writes the files of the site into a folder, which it empties before. */
export async function buildSite(outDir: string): Promise<void> {
  await build(siteConfig(outDir));
}
