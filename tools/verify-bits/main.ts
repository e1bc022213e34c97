/**
 * Trains the same small nets in every installed JavaScript engine and compares all weights bit by bit:
 * `pnpm verify:bits [--json FILE] [--require NAMES]`. Exit code 1 if an engine gives other bits or none.
 */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { jsonFile } from "../shared/json-file.ts";
import { endAll } from "../shared/processes.ts";
import { bundle } from "./bundle.ts";
import { compare } from "./compare.ts";
import { readDigits } from "./digits.ts";
import { engines } from "./engines.ts";

const DIGITS = 2000;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { json: { type: "string" }, require: { type: "string" } } });
  const required = values.require?.split(",").map((name) => name.trim()) ?? [];
  const unknown = required.filter((name) => !engines.some((engine) => engine.name === name));
  if (unknown.length > 0) {
    throw new RangeError(
      `verify:bits: no engine is called ${unknown.join(", ")}; known are ${engines.map(({ name }) => name).join(", ")}`,
    );
  }
  const writeJson = jsonFile(values.json);
  const digits = await readDigits(DIGITS);
  const folder = mkdtempSync(join(tmpdir(), "verify-bits-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    process.once(signal, async () => {
      await endAll();
      remove();
      process.exit(code);
    });
  }
  try {
    await fill(folder, digits);
    const report = await compare(digits, folder);
    writeJson(report);
    const missing = required.filter((name) => report.notInstalled.includes(name));
    if (missing.length > 0) console.log(`\nRequired, but not installed: ${missing.join(", ")}.`);
    console.log(report.equal ? "\nThe same bits everywhere." : "\nNOT the same bits everywhere.");
    process.exitCode = report.equal && missing.length === 0 ? 0 : 1;
  } finally {
    remove();
  }
}

/** Writes the files of the job into a folder. */
async function fill(folder: string, digits: Uint8Array): Promise<void> {
  const hosts = fileURLToPath(new URL("hosts/", import.meta.url));
  for (const name of readdirSync(hosts)) copyFileSync(join(hosts, name), join(folder, name));
  writeFileSync(join(folder, "job.js"), await bundle());
  writeFileSync(join(folder, "digits.bin"), digits);
}

await main();
