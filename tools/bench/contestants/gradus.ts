/** gradus: `gradus.ts eager|compiled THREADS`. */
import { compile, threads as useThreads } from "@gradus/engine";
import { epoch } from "./epoch.ts";
import { task } from "./net.ts";
import { loop, type Prepared, serve } from "./serve.ts";

const compiled = process.argv[2] === "compiled";
const threads = Number(process.argv[3]);

await serve(async (work): Promise<Prepared> => {
  await useThreads(threads);
  const about = `Node ${process.versions.node}`;
  if (work.kind === "epoch") return { about, ...(await epoch(work, compiled)) };
  const { fn, args } = task(work);
  const call = compiled ? compile(fn) : fn;
  let i = 0;
  // Reading a number waits for the result.
  return { about, run: loop(() => call(...args[i++ % args.length]).data[0]) };
});
