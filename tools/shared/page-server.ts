/** Serves the page of the job on the loopback interface and waits for its answer. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const types: Readonly<Record<string, string>> = {
  "page.html": "text/html",
  "job.js": "text/javascript",
  "digits.bin": "application/octet-stream",
};

export interface PageServer {
  readonly address: string;
  /** What the page sent back. */
  readonly answer: Promise<string>;
  close(): void;
}

/** @param folder has page.html, job.js and digits.bin. */
export async function servePage(folder: string): Promise<PageServer> {
  let answered: (text: string) => void;
  const answer = new Promise<string>((resolve) => {
    answered = resolve;
  });
  const server = createServer(async (request, response) => {
    const name = (request.url ?? "").slice(1);
    if (request.method === "POST" && name === "answer") {
      let text = "";
      for await (const chunk of request) text += chunk;
      response.end();
      answered(text);
    } else if (name in types) {
      response.setHeader("Content-Type", types[name]);
      // Isolated, so that the page may share memory with workers.
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
      response.end(readFileSync(join(folder, name)));
    } else response.writeHead(404).end();
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
