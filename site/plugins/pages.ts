import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { h } from "preact";
import { render } from "preact-render-to-string";
import type { Plugin } from "vite";
import type { PageData } from "../src/page.ts";
import { pages } from "../src/pages.tsx";
import { Shell } from "../src/shell/shell.tsx";
import { entries, parts } from "./catalogue.ts";
import { learning, learningProgram } from "./learning.ts";
import { plans } from "./plans.ts";
import { facts, walks } from "./walks.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** All that pages are made from. @param root the address of the first page from a page. */
export async function pageData(root: string): Promise<PageData> {
  return {
    plans: await plans(),
    learning: await learning(),
    learningProgram: learningProgram(),
    walks: walks(),
    facts: facts(),
    entries: entries(),
    parts: parts(),
    pages,
    root,
  };
}

/** Fills each index.html with its page, so that it can be read without scripts. */
export function pagesPlugin(): Plugin {
  return {
    name: "gradus-pages",
    transformIndexHtml: {
      order: "pre",
      async handler(html, { filename }) {
        const path = relative(root, filename)
          .split(sep)
          .slice(0, -1)
          .map((name) => `${name}/`)
          .join("");
        const page = pages.find((one) => one.path === path);
        if (page === undefined) throw new Error(`site/src/pages.tsx has no page ${JSON.stringify(path)}`);
        const data = await pageData(rootOf(path));
        const head = [
          '<meta name="viewport" content="width=device-width, initial-scale=1" />',
          '<meta name="color-scheme" content="light dark" />',
          render(h("title", null, page.path === "" ? page.title : `${page.title} · gradus`)),
          render(h("meta", { name: "description", content: page.description })),
          // No request for an icon.
          '<link rel="icon" href="data:," />',
        ].join("\n    ");
        const body = render(
          h(Shell, {
            page,
            pages,
            children: page.body(data),
          }),
        );
        return html
          .replace("</head>", `  ${head}\n  </head>`)
          .replace("<body></body>", () => `<body>${body}</body>`);
      },
    },
  };
}

/** The address of the first page from a page: "./" or "../". */
function rootOf(path: string): string {
  return path === "" ? "./" : "../".repeat(path.split("/").length - 1);
}
