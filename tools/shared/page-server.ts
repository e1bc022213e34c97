/** Serves a page and the files of its folder on the loopback interface, and waits for its answer. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".bin": "application/octet-stream",
};

export interface PageServer {
  readonly address: string;
  /** The answer of the page. */
  readonly answer: Promise<string>;
  close(): void;
}

/**
 * @param folder has page.html and the files that it asks for, also in folders below.
 * @param headers of every response, besides those that isolate the page.
 */
export async function servePage(
  folder: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<PageServer> {
  let answered: (text: string) => void;
  const answer = new Promise<string>((resolve) => {
    answered = resolve;
  });
  const server = createServer(async (request, response) => {
    const name = normalize(new URL(request.url ?? "", "http://page").pathname).slice(1);
    if (request.method === "POST" && name === "answer") {
      let text = "";
      for await (const chunk of request) text += chunk;
      response.end();
      answered(text);
      return;
    }
    const type = types[extname(name)];
    const bytes = type && fileIn(folder, name);
    if (!bytes) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader("Content-Type", type);
    // Isolated, so that the page may share memory with workers.
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
    response.end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`,
    answer,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A file, if there is one of that name. */
function fileIn(folder: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}
