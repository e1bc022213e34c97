/** What a visitor downloads before the first click, compressed, against the budgets. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { check } from "./test.ts";

/** The budgets in kB (1,000 bytes, gzip): the page with its styles and scripts, without what workers load later. */
const budgets: Readonly<Record<string, number>> = {
  "": 30,
  "walk/": 90,
  "ops/": 90,
  "compile/": 90,
  "parts/": 40,
};
/**
 * What is loaded later: the worker of the gallery when the page is idle, the others and the editor when the visitor asks for them.
 * The worker that runs programs has gradus, the graph layout and the part that removes types.
 */
const later: Readonly<Record<string, number>> = {
  "worker-": 80,
  "program-worker-": 140,
  "live-cards-": 10,
  "editor-": 140,
};

function size(path: string): number {
  return gzipSync(readFileSync(path), { level: 9 }).length / 1000;
}

/** The files that the HTML of a page names: styles, scripts, and what the scripts import at once. */
function filesOf(folder: string, page: string): string[] {
  const html = readFileSync(join(folder, page, "index.html"), "utf8");
  const named = [...html.matchAll(/<(?:script|link)[^>]*? (?:src|href)="([^"#]*?\.(?:js|css))"/g)];
  return [...new Set(named.map(([, path]) => join(folder, page, path)))];
}

export const sizeTests: readonly { name: string; test(folder: string): void }[] = [
  ...Object.entries(budgets).map(([page, budget]) => ({
    name: `/${page} is at most ${budget} kB`,
    test(folder: string): void {
      const files = [join(folder, page, "index.html"), ...filesOf(folder, page)];
      const sizes = files.map((path): [string, number] => [path.slice(folder.length), size(path)]);
      const total = sizes.reduce((sum, [, kB]) => sum + kB, 0);
      const list = sizes.map(([path, kB]) => `${path} ${kB.toFixed(1)}`).join(", ");
      console.log(`  ${total.toFixed(1)} kB: ${list}`);
      check(total <= budget, `${total.toFixed(1)} kB: ${list}`);
    },
  })),
  {
    name: `what is loaded later: ${Object.entries(later)
      .map(([start, most]) => `${start}… at most ${most} kB`)
      .join(", ")}`,
    test(folder: string): void {
      for (const [start, most] of Object.entries(later)) {
        const files = readdirSync(join(folder, "assets")).filter(
          (name) => name.startsWith(start) && /\.js(?:on)?$/.test(name),
        );
        check(files.length > 0, `there is no ${start}…`);
        for (const name of files) {
          const kB = size(join(folder, "assets", name));
          console.log(`  ${name} ${kB.toFixed(1)} kB`);
          check(kB <= most, `${name}: ${kB.toFixed(1)} kB`);
        }
      }
    },
  },
  {
    name: "every page has a budget",
    test(folder: string): void {
      const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith("index.html"),
      );
      const without = found
        .map((name) => name.replace("index.html", ""))
        .filter((name) => !(name in budgets));
      check(without.length === 0, `no budget for ${without.join(", ")}`);
    },
  },
];
