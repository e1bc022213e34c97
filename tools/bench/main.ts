/**
 * Times the same work on gradus and on its peers, in turn: `pnpm bench [options]`, `pnpm bench --help`.
 */
import { parseArgs } from "node:util";
import { barOnError, type Progress } from "../../examples/shared/progress.ts";
import { jsonFile } from "../shared/json-file.ts";
import { killAll } from "./child.ts";
import { contestants } from "./contestants.ts";
import { checkCost } from "./micro/check.ts";
import { elementwise } from "./micro/elementwise.ts";
import { products } from "./micro/products.ts";
import { singleRows } from "./micro/single-rows.ts";
import { profile } from "./profile.ts";
import { machine, print, type Report, type WorkReport, workReport } from "./report.ts";
import { play } from "./rounds.ts";
import { measureSizes, playStartup } from "./startup.ts";
import { works } from "./works.ts";

const ROUNDS = 40;

const HELP = `pnpm bench [options]: the same work on gradus and on its peers, in turn

  --works LIST        only these works, such as 1,3 (default: all)
  --contestants LIST  only those whose name begins so, such as gradus,torch (default: all)
  --rounds N          how often each takes its turn (default: ${ROUNDS}; less is a smoke test)
  --json FILE         write the result to a file
  --profile           show where the time of work 1's step goes, and nothing else
  --micro             time matrix products and elementary functions, and nothing else
  --rows              time a net for few rows in each way, and nothing else
  --check             time what \`fit\` spends to follow changes of the code, and nothing else

Works:
${works.map(({ id, title }) => `  ${id.padEnd(4)}${title}`).join("\n")}

Contestants:
  ${contestants.map(({ id }) => id).join(", ")}
Peers: pnpm bench:peers; apt install python3-torch libopenblas0-pthread`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      works: { type: "string" },
      contestants: { type: "string" },
      rounds: { type: "string", default: String(ROUNDS) },
      json: { type: "string" },
      profile: { type: "boolean" },
      micro: { type: "boolean" },
      rows: { type: "boolean" },
      check: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(HELP);
  if (values.profile) return await profile();
  if (values.rows) return singleRows();
  if (values.check) return await checkCost();
  if (values.micro) {
    products();
    return elementwise();
  }
  const chosenWorks = choose("work", works, values.works);
  const chosen = choose("contestant", contestants, values.contestants);
  const rounds = Number(values.rounds);
  if (!/^\d+$/.test(values.rounds) || rounds < 1) {
    throw new RangeError(`--rounds must be a whole number ≥ 1, got ${values.rounds}`);
  }
  const writeJson = jsonFile(values.json);
  const report: Report & { works: WorkReport[] } = { machine: machine(), works: [] };
  const { cpu, cores, node } = report.machine;
  console.log(`${cpu}, ${cores} cores, Node ${node}`);
  for (const work of chosenWorks) {
    const most = Math.min(rounds, work.most?.rounds ?? rounds);
    const bar = progressBar(`work ${work.id}`);
    const startup = work.kind === "startup";
    const outcome = await (startup
      ? playStartup(chosen, most, bar.progress)
      : play(work, chosen, most, bar.progress)
    ).finally(bar.stop);
    const found = workReport(work, most, outcome, startup ? await measureSizes() : undefined);
    report.works.push(found);
    print(found);
    // After each work: an interrupted run keeps what it has.
    writeJson(report);
  }
}

/** The items whose id is one of the given words; those whose id begins with it where none is (6: 6a and 6b, but 1: not 10). */
function choose<T extends { readonly id: string }>(
  kind: string,
  all: readonly T[],
  wanted?: string,
): readonly T[] {
  if (wanted === undefined) return all;
  const words = wanted.split(",").map((word) => word.trim());
  const unknown = words.filter((word) => word === "" || !all.some(({ id }) => id.startsWith(word)));
  if (unknown.length > 0) {
    throw new RangeError(
      `there is no ${kind} ${unknown.join(", ")}; there are ${all.map(({ id }) => id).join(", ")}`,
    );
  }
  const exact = (word: string): boolean => all.some(({ id }) => id === word);
  return all.filter(({ id }) => words.some((word) => (exact(word) ? id === word : id.startsWith(word))));
}

/** On standard error, and only if that is a terminal. */
function progressBar(name: string): { progress: Progress; stop(): void } {
  if (process.stderr.isTTY !== true) {
    console.error(`${name} …`);
    return { progress: () => {}, stop: () => {} };
  }
  return barOnError(`${name} `);
}

process.on("exit", killAll);
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
  process.once(signal, () => process.exit(code));
}
try {
  await main();
} catch (error) {
  if (!(error instanceof RangeError || (error as NodeJS.ErrnoException).code !== undefined)) throw error;
  console.error(`bench: ${(error as Error).message}`);
  process.exitCode = 1;
}
