/**
 * `pnpm site` builds the pages, serves them on the loopback interface and prints the address; `pnpm site:build` writes the files to
 * site/dist.
 */
import { buildSite, dist } from "./build.ts";
import { serveFolder } from "./serve.ts";

const [command, ...more] = process.argv.slice(2);
if ((command !== "serve" && command !== "build") || more.length > 0) {
  console.error("usage: main.ts serve | build");
  process.exit(1);
}
await buildSite(dist);
if (command === "build")
  console.log("The pages are in site/dist: any server of static files can serve them, under any path.");
else {
  const { address } = await serveFolder(dist);
  console.log(`The pages are at ${address} (Ctrl-C ends the server)`);
}
