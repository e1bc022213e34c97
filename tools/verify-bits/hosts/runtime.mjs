// Runs the job in Node, Bun or Deno: `node runtime.mjs`, beside job.js and digits.bin.
import { readFileSync } from "node:fs";
import "./job.js";

const { versions } = process;
const engine = versions.bun === undefined ? `V8 ${versions.v8}` : "JavaScriptCore";
const version = versions.bun ?? versions.deno ?? versions.node;
const digits = new Uint8Array(readFileSync(new URL("digits.bin", import.meta.url)));
console.log(JSON.stringify({ version, engine, ways: await globalThis.gradusWays(digits) }));
