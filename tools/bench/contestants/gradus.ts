/** gradus: `gradus.ts eager|compiled THREADS`. */
import * as core from "@gradus/core";
import { epoch } from "./epoch.ts";
import { task } from "./net.ts";
import { loop, type Prepared, serve, Unsupported } from "./serve.ts";

/** What a build may still lack. */
const { threads: useThreads }: { threads?: (count: number) => Promise<unknown> } = core as object;

const compiled = process.argv[2] === "compiled";
const threads = Number(process.argv[3]);

await serve(async (work): Promise<Prepared> => {
  if (threads > 1 && !useThreads) throw new Unsupported("this build has no threads()");
  await useThreads?.(threads);
  const about = `Node ${process.versions.node}`;
  if (work.kind === "epoch") return { about, ...(await epoch(work, compiled)) };
  const { fn, args } = task(work);
  const call = compiled ? core.compile(fn) : fn;
  let i = 0;
  // Reading a number waits for the result, wherever it is computed.
  return { about, run: loop(() => call(...args[i++ % args.length]).data[0]) };
});
