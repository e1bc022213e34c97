/**
 * `pnpm site:pictures` draws the pictures of the walk in docs/figures: the graph of the page with its own style, in light colours, at three
 * steps of its first example. The same program gives the same bytes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { h } from "preact";
import { render } from "preact-render-to-string";
import { walks } from "./plugins/walks.ts";
import { brief } from "./src/walk/brief.ts";
import { GraphView } from "./src/walk/graph-view.tsx";
import { type Walk, walkOf, waysTo } from "./src/walk/walk.ts";

const css = (path: string): string => readFileSync(new URL(`src/${path}`, import.meta.url), "utf8");

/** The pictures by the name of their file. */
export function pictures(): Readonly<Record<string, string>> {
  const { recorded } = walks()[0];
  const walk = walkOf(recorded.trace, "ops");
  const layout = recorded.layouts.ops;
  if (layout === null) throw new Error("the first example of the walk has no drawing");
  const first = walk.steps.findIndex(({ kind }) => kind === "backward");
  const last = walk.steps.length - 1;
  const at = { "walk-forward": first - 1, "walk-backward": last - 1, "walk-sum": last };
  const style = styleOf(css("shell/shell.css"), css("walk/walk.css"));
  return Object.fromEntries(
    Object.entries(at).map(([name, step]) => {
      const drawing = render(h(GraphView, { walk, at: step, layout }));
      const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(drawing)?.[1] ?? "";
      const [width, height] = [Math.max(layout.width, 380), layout.height + 64];
      const left = (width - layout.width) / 2;
      const title = `Step ${step + 1} of ${last + 1}, ${walk.steps[step].kind}: ${walk.steps[step].title}`;
      return [
        `${name}.svg`,
        `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">
<title>${safe(title)}</title>
<style>${style}</style>
<rect class="ground" width="${width}" height="${height}"/>
${text(width / 2, 22, title)}
<g class="graph" transform="translate(${left} 30)">${inner}</g>
${text(width / 2, height - 12, below(walk, step))}
</svg>
`,
      ];
    }),
  );
}

/** What the page says below the title of a step: the numbers that it gives, as a sum where ways meet. */
function below(walk: Walk, at: number): string {
  const { tensors } = walk.trace;
  const { event, shows } = walk.steps[at].rows[0];
  const name = walk.rows.names[event.kind === "rule" ? event.x : shows];
  if (event.kind !== "rule") return `${name} = ${brief(tensors[shows])}`;
  const ways = waysTo(walk, event, at).map(({ gives }) => brief(tensors[gives]));
  const sum = ways.length > 1 ? `${ways.join(" + ")} = ` : "";
  return `gradient of ${name} = ${sum}${brief(tensors[event.sum])}`;
}

function safe(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function text(x: number, y: number, words: string): string {
  return `<text class="title" x="${x}" y="${y}">${safe(words)}</text>`;
}

/** The rules of the graph with the light colours of the page in place of its tokens. */
function styleOf(shell: string, walk: string): string {
  const tokens = new Map(
    [...shell.matchAll(/(--[\w-]+): light-dark\((#\w+), #\w+\)/g)].map(([, name, light]) => [name, light]),
  );
  const token = (name: string): string => tokens.get(name) ?? "#000000";
  const rules = [
    ...walk.matchAll(/^(\.graph (?:rect|text|\.)[^{]*|\.tape \.gradient,\n\.graph \.gradient) \{([^}]*)\}/gm),
  ]
    .map(
      ([, selector, body]) =>
        `${selector.replace(/\.tape [^,]*,\n/, "")}{${body.replace(/\s+/g, " ").trim()}}`,
    )
    .join("\n");
  return `${rules}
.graph .gradient{fill:var(--orange)}
.ground{fill:var(--ground)}
.title{fill:var(--text);font-size:15px;text-anchor:middle}`
    .replace(
      /color-mix\(in srgb, var\((--\w+)\) (\d+)%, var\((--\w+)\)\)/g,
      (_, a: string, share: string, b: string) => mixed(token(a), token(b), Number(share) / 100),
    )
    .replace(/var\((--\w+)\)/g, (_, name: string) => token(name));
}

/** A share of one colour and the rest of another, as `color-mix(in srgb, …)` gives it. */
function mixed(a: string, b: string, share: number): string {
  const part = (colour: string, i: number): number => Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const parts = [0, 1, 2].map((i) => Math.round(share * part(a, i) + (1 - share) * part(b, i)));
  return `#${parts.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, svg] of Object.entries(pictures()))
    writeFileSync(new URL(`../docs/figures/${name}`, import.meta.url), svg);
}
