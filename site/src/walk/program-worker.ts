/**
 * Runs one program in a worker of its own: one that does not end can be stopped from outside, and what one changes (prototypes, globals)
 * is gone with it. The answers go through a port that the program cannot reach, as JSON: plain data, whatever the program did.
 */
import type { Answer } from "./answer.ts";
import { closeWaysOut, explained } from "./closed.ts";
import { consoleFor, shown } from "./console.ts";
import { type Program, ProgramError, parsed, programOf } from "./program.ts";
import { lineOf } from "./program-line.ts";
import { record } from "./record.ts";
import { withLayouts } from "./recorded.ts";

/** A longer answer takes a page too long to read, in characters. */
const LONGEST = 30_000_000;

// Taken before any program runs: it may change the globals.
const { stringify } = JSON;
const OwnWorker = Worker;
const BlobHere = Blob;
const addressOf = URL.createObjectURL.bind(URL);

self.addEventListener("message", start, { once: true });

function start({ ports: [port] }: MessageEvent): void {
  const post = port.postMessage.bind(port);
  const send = (answer: Answer): void => post(stringify(answer));
  const fail = (error: unknown): void => send({ kind: "failed", ...failureOf(error) });
  // Timers and promises that fail later.
  self.addEventListener("error", (event) => {
    event.preventDefault();
    fail(
      event.error ??
        new ProgramError(
          event.message,
          event.lineno > 0 ? lineOf(`${event.filename}:${event.lineno}`) : null,
        ),
    );
  });
  self.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    fail(event.reason);
  });
  const output = consoleFor((line) => send({ kind: "line", text: line }));
  Object.defineProperty(self, "console", { value: output, writable: true, configurable: true });
  closeWaysOut(self);
  warmUp();
  port.addEventListener(
    "message",
    ({ data: source }: MessageEvent<string>) => {
      let program: Program | undefined;
      try {
        program = programOf(source);
        post(answerTo(program, output));
      } catch (error) {
        if (program !== undefined && isUnplaced(error)) {
          lineOfSyntaxError(program, error, (line) => {
            fail(new ProgramError(error.message, line));
            send({ kind: "end" });
          });
          return;
        }
        fail(error);
      }
      send({ kind: "end" });
    },
    { once: true },
  );
  port.start();
}

/**
 * Runs a small program before the visitor's comes. The first run of any code is slow: Chromium alone takes 40 ms to find the first line in
 * a stack trace of this script. A worker waits while the visitor types, so it is done by then.
 */
function warmUp(): void {
  const program = `import { Adam, backward, crossEntropy, createRng, Dense, namedParameters, Sequential, selu, tensor } from "gradus";
const rng = createRng("warm up");
const net = new Sequential(new Dense(2, 3, { rng, activation: selu }), new Dense(3, 2, { rng }));
const loss = crossEntropy(net.forward(tensor([[1, 2]])), tensor([1]));
new Adam(namedParameters(net)).step(backward(loss));`;
  stringify(withLayouts(record(programOf(program), {})));
}

function answerTo(program: Program, output: object): string {
  const start = performance.now();
  const recording = record(program, output);
  const middle = performance.now();
  const result = withLayouts(recording);
  const took = { record: middle - start, layout: performance.now() - middle };
  if (result.trace.events.length === 0)
    throw new ProgramError(
      "the program runs no op; compute something, and call backward on the result",
      null,
    );
  let text = "";
  try {
    text = stringify({ kind: "ran", recorded: result, took } satisfies Answer);
  } catch {
    // longer than a text can be
  }
  if (text === "" || text.length > LONGEST)
    throw new ProgramError("its steps have too many numbers for this page: take smaller tensors", null);
  return text;
}

/** A mistake that only the engine finds, without its line. Whatever a program throws can throw when it is looked at. */
function isUnplaced(error: unknown): error is SyntaxError {
  try {
    return error instanceof SyntaxError && lineOf(error.stack ?? "") === null;
  } catch {
    return false;
  }
}

/** What an error says, and its line. A program can throw anything. */
function failureOf(error: unknown): { text: string; line: number | null } {
  try {
    if (error instanceof ProgramError)
      return { text: error.message, line: error.line ?? lineOf(error.stack ?? "") };
    if (!(error instanceof Error)) return { text: `it threw ${shown(error)}`, line: null };
    return { text: explained(error.message) || error.name, line: lineOf(error.stack ?? "") };
  } catch {
    return { text: "it threw an error that cannot be shown", line: null };
  }
}

/**
 * The line of a mistake that only the engine finds. Firefox's error has it; in Chromium the error of `new Function` does not, but that
 * of a worker that parses the same text does.
 */
function lineOfSyntaxError(program: Program, error: SyntaxError, tell: (line: number | null) => void): void {
  const { lineNumber } = error as { lineNumber?: number };
  if (lineNumber !== undefined) {
    tell(lineOf(`program.ts:${lineNumber}`));
    return;
  }
  const told = (line: number | null): void => {
    clearTimeout(timer);
    worker.terminate();
    tell(line);
  };
  const timer = setTimeout(() => told(null), 1000);
  const script = new BlobHere([parsed(program)], { type: "text/javascript" });
  const worker = new OwnWorker(addressOf(script));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    told(event.lineno > 0 ? lineOf(`program.ts:${event.lineno}`) : null);
  });
}
