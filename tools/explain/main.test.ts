import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { main } from "./main.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the command in a process of its own, without a terminal. */
function explain(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "--conditions=@gradus/source", "tools/explain/main.ts", ...args],
    { cwd: root, env: { ...process.env, COLUMNS: "", ...env } },
  );
  let [out, error] = ["", ""];
  child.stdout.on("data", (bytes) => (out += bytes));
  child.stderr.on("data", (bytes) => (error += bytes));
  return new Promise((done) => child.on("close", (code) => done({ code, out, error })));
}

const width = (text: string): number => Math.max(...text.split("\n").map((line) => [...line].length));

describe("the command", () => {
  test.concurrent("explains an op, in 40 columns, without colour in a pipe", async () => {
    const { code, out, error } = await explain(["tanh"], { COLUMNS: "40" });
    expect([code, error]).toEqual([0, ""]);
    expect(width(out)).toBeLessThanOrEqual(40);
    expect(out).toContain("out = (eˣ − e^(−x))/(eˣ + e^(−x))");
    expect(out).not.toContain("\x1b");
  });

  test.concurrent("explains an expression, in 40 columns", async () => {
    const { code, out } = await explain(["x.mul(y).tanh().sum()", "x=2", "y=[1,2,3]"], { COLUMNS: "40" });
    expect(code).toBe(0);
    expect(width(out)).toBeLessThanOrEqual(40);
    expect(out.trimEnd().endsWith("✓ agrees with central differences")).toBe(true);
  });

  test.concurrent("prints a trace as JSON", async () => {
    const { out } = await explain(["x.exp()", "x=NaN", "--json"]);
    expect(JSON.parse(out).tensors[0]).toMatchObject({ name: "x", numbers: ["NaN"], kind: "variable" });
  });

  test.concurrent("watches a program whose work nobody awaits, without its output", async () => {
    const { code, out, error } = await explain(["tools/explain/fixtures/not-awaited.ts", "--steps", "3"]);
    expect([code, error]).toEqual([0, ""]);
    // w − 0.25·2·w = w/2
    for (const change of ["3 → 1.5", "1.5 → 0.75", "0.75 → 0.375"]) expect(out).toContain(change);
    expect(out).not.toContain("0.1875");
  });

  test.concurrent.each([
    [["tools/explain/fixtures/empty.ts"], "ran no op of this gradus"],
    [["tools/explain/fixtures/throws.ts"], "add([2], [3]): shapes do not broadcast"],
  ])("with %j says why not", async (args, message) => {
    const { code, out, error } = await explain(args);
    expect([code, out]).toEqual([1, ""]);
    expect(error).toContain(message);
  });
});

describe("a mistake", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Runs the command in this process. @returns its exit code and what it said of the mistake. */
  async function mistake(args: readonly string[]): Promise<[code: number, said: string]> {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const code = await main(args);
    return [code, said.mock.calls.join("\n")];
  }

  test.each([
    [[], "Say what to explain"],
    [["selu", "--depth", "3"], "Unknown option '--depth'"],
    [["x.exp()", "x=1", "--step", "0"], '--step must be a whole number ≥ 1, got "0"'],
    [["x.exp()", "x=1", "--steps", "2"], "--steps is for programs."],
    [["examples/04-xor.ts", "x=1"], "A program takes no values; got x=1."],
  ])("with %j prints the usage", async (args, message) => {
    const [code, said] = await mistake(args);
    expect(code).toBe(1);
    expect(said).toContain(message);
    expect(said).toContain("pnpm explain OP | EXPRESSION");
  });

  test.each([
    [["selo"], "There is no op selo; did you mean selu?"],
    [["no/such/file.ts"], "There is no file no/such/file.ts."],
    [["x.exp()", "x=1", "--step", "9"], "there is no step 9: the steps are 1 to 2"],
  ])("with %j says why not", async (args, message) => {
    const [code, said] = await mistake(args);
    expect(code).toBe(1);
    expect(said).toContain(message);
  });
});
