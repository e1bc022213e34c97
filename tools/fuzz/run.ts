/**
 * The process that reads the broken files, started by main.ts: if a reader hangs or takes all memory, only this process
 * ends, and main.ts can report the file.
 */
import { openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { inputOf, type Job, type News, NOTE } from "./job.ts";
import { judge } from "./judge.ts";
import { readers } from "./readers.ts";

/** Milliseconds between two messages. */
const PACE = 200;

async function work({ seed, folder, parts }: Job): Promise<void> {
  const note = openSync(join(folder, NOTE), "w");
  let done = 0;
  let told = performance.now();
  for (const { reader: name, from, to } of parts) {
    const reader = readers.find((other) => other.name === name)!;
    let [inputs, accepted, slowest] = [0, 0, 0];
    for (let run = from; run < to; run++) {
      writeSync(note, `${name} ${run}`.padEnd(40), 0);
      const verdict = await judge(reader.read, inputOf(reader, seed, run));
      inputs++;
      if (verdict.accepted) accepted++;
      slowest = Math.max(slowest, verdict.ms);
      if (verdict.fault !== undefined) {
        tell({ kind: "fault", reader: name, run, fault: verdict.fault });
        break; // others would most likely be the same again
      }
      done++;
      if (performance.now() - told < PACE) continue;
      told = performance.now();
      tell({ kind: "progress", reader: name, done });
    }
    tell({ kind: "row", reader: name, inputs, accepted, slowest });
  }
}

function tell(news: News): void {
  process.send?.(news);
}

process.once("message", async (job: Job) => {
  await work(job);
  process.disconnect();
});
process.once("disconnect", () => process.exit());
