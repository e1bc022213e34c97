/** gradus without a bundler: a page with an import map, in a browser, or in Node with the import map as its only resolver. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { answerOfPage, findChromium, headlessChromium } from "../shared/browsers.ts";
import { onPage } from "./packed-programs.ts";

/** The time limit of the page, in seconds. */
const SECONDS = 60;

/** The `html` block of a document that has this in it. */
function pageWith(part: string, document: string): string {
  const blocks = [...document.matchAll(/^```html\n([\s\S]*?)^```$/gm)].map(([, page]) => page);
  const found = blocks.find((page) => page.includes(part));
  if (found === undefined) throw new Error(`the document has no page with ${part}`);
  return found;
}

/** The page of a document that has an import map, up to its own module: a classic script and the import map. */
export function headOf(document: string): string {
  return pageWith('<script type="importmap">', document).split('<script type="module">')[0];
}

/**
 * Opens the page of a document that imports gradus.js, as it stands there, beside that file.
 *
 * @returns the text that the page shows in the end; undefined if there is no browser.
 */
export async function showOneFilePage(project: string, document: string): Promise<string | undefined> {
  const chromium = findChromium();
  if (chromium === undefined) return undefined;
  const folder = join(project, "one-file");
  mkdirSync(folder);
  copyFileSync(join(project, "node_modules/gradus/dist/gradus.js"), join(folder, "gradus.js"));
  const send = `<script type="module">
  while (!document.body.textContent.trim().startsWith("accuracy")) await new Promise((wait) => setTimeout(wait, 50));
  await fetch("answer", { method: "POST", body: document.body.textContent });
</script>
`;
  writeFileSync(join(folder, "page.html"), pageWith('from "./gradus.js"', document) + send);
  return (await answerOfPage(chromium, headlessChromium, folder, SECONDS)).trim();
}

/**
 * Trains on a page of a project.
 *
 * @param head of {@link headOf}.
 * @returns the answer of the program, and the host in which it ran.
 */
export async function trainOnPage(project: string, head: string): Promise<{ answer: string; host: string }> {
  const chromium = findChromium();
  if (chromium === undefined) return { answer: inNode(project, head), host: "Node, by the import map" };
  const send = 'await fetch("answer", { method: "POST", body: answer });';
  const page = `<!doctype html>\n<meta charset="utf-8">\n${head}<script type="module">\n${onPage(send)}</script>\n`;
  writeFileSync(join(project, "page.html"), page);
  return { answer: await answerOfPage(chromium, headlessChromium, project, SECONDS), host: "Chromium" };
}

/** Resolves every import by the import map, and nothing else: no folder node_modules, no modules of Node. */
const LOADER = `import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
let imports;
export function initialize(data) { imports = data; }
export function resolve(specifier, { parentURL }, next) {
  if (parentURL === undefined || specifier.startsWith("data:")) return next(specifier);
  const target = /^\\.\\.?\\//.test(specifier) ? specifier : imports[specifier];
  if (target === undefined) throw new Error(specifier + " is not in the import map");
  if (target.startsWith("data:")) return next(target);
  const base = target === specifier ? parentURL : import.meta.url;
  return { url: new URL(target, base).href, format: "module", shortCircuit: true };
}
export async function load(url, context, next) {
  if (!url.startsWith("file:")) return next(url, context);
  return { format: "module", source: await readFile(fileURLToPath(url)), shortCircuit: true };
}
`;

/** Runs the page's scripts in Node. */
function inNode(project: string, head: string): string {
  const [, map] = /<script type="importmap">([\s\S]*?)<\/script>/.exec(head) ?? [];
  const scripts = [...head.matchAll(/<script src="([^"]+)">/g)].map(([, path]) => path);
  const setup = `import { readFileSync } from "node:fs";
import { register } from "node:module";
import { runInThisContext } from "node:vm";
for (const path of ${JSON.stringify(scripts)}) runInThisContext(readFileSync(path, "utf8"));
register("./import-map-loader.mjs", import.meta.url, { data: (${map}).imports });
`;
  writeFileSync(join(project, "import-map-loader.mjs"), LOADER);
  writeFileSync(join(project, "import-map.mjs"), setup);
  writeFileSync(join(project, "page.mjs"), onPage("console.log(answer);"));
  return execFileSync(process.execPath, ["--import", "./import-map.mjs", "page.mjs"], {
    cwd: project,
    encoding: "utf8",
  }).trim();
}
