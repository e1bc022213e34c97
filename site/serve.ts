/** Serves static files on the loopback interface. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

export interface FolderServer {
  readonly address: string;
  /** Ends it at once, with all its connections. */
  close(): Promise<void>;
}

/**
 * @param folder the files; a path that ends in "/" is its index.html.
 * @param prefix a path in front of all files, such as "/some/where/". Default "/".
 */
export async function serveFolder(folder: string, prefix = "/"): Promise<FolderServer> {
  const server: Server = createServer((request, response) => {
    const path = pathOf(request.url);
    const name = path.endsWith("/") ? `${path}index.html` : path;
    const type = types[extname(name)];
    const bytes = name.startsWith(prefix) && type ? fileIn(folder, name.slice(prefix.length)) : undefined;
    if (bytes === undefined || type === undefined) response.writeHead(404).end();
    else response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-cache" }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The path of a request; "/" for one that cannot be read. */
function pathOf(url = "/"): string {
  try {
    return normalize(decodeURIComponent(new URL(url, "http://site").pathname));
  } catch {
    return "/";
  }
}

/** A file, if there is one of that name. */
function fileIn(folder: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, name));
  } catch {
    return undefined;
  }
}
