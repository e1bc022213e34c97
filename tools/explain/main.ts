/** Shows an op, an expression or a training step in the terminal: `pnpm explain --help`. */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { nearestName } from "@gradus/core";
import type { TraceData } from "@gradus/core/watch";
import { cardOf, cardText, opNames } from "./card.ts";
import { ExpressionError, explainExpression } from "./expression.ts";
import { traceText } from "./internals.ts";
import { noteOf } from "./notes.ts";
import { isEnough, watchProgram } from "./program.ts";
import { columnsOf, quietly, screen } from "./screen.ts";
import { stepText } from "./step.ts";

const HELP = `pnpm explain OP | EXPRESSION [NAME=VALUE …] | PROGRAM [options]

  pnpm explain selu
    an op: formula, gradient rules with their lines, a plot, values, the paper
  pnpm explain "x.mul(y).tanh().sum()" x=2 y=[1,2,3]
    an expression: forward and backward with all numbers, checked by central
    differences. Several statements: "const c = a + b; c * c" a=1 b=2
  pnpm explain examples/04-xor.ts --steps 1
    a program: it is imported, and its main() is called if it exports one. Ops
    are watched until an op follows the updates of the last step; then the
    program is ended. A program without updates runs to its end, and a step is
    a backward pass. Its own output is not shown.

  --steps N   of a program: training steps to watch (default 1)
  --step N    only step N of the table, in detail
  --expand    show the ops inside derived ops and gradient rules
  --json      print plain data
  --help      print this

∂x is the gradient of x. Lines fit the terminal, or COLUMNS.`;

/** A mistake in the command: the usage is printed after it. */
class UsageError extends Error {}

interface Options {
  readonly steps?: string | undefined;
  readonly step?: string | undefined;
  readonly expand?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly help?: boolean | undefined;
}

/** Runs the command. @returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = given(args);
    if (values.help) {
      screen([HELP]);
      return 0;
    }
    const [what, ...rest] = positionals;
    if (what === undefined) throw new UsageError("Say what to explain: an op, an expression or a program.");
    if (isProgram(what)) return await program(what, rest, values);
    if (values.steps !== undefined) throw new UsageError("--steps is for programs.");
    if (/^\w+$/.test(what) && rest.length === 0 && Number.isNaN(Number(what))) return op(what, values);
    return expression(what, rest, values);
  } catch (error) {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${HELP}`);
    else if (error instanceof ExpressionError || error instanceof RangeError) console.error(error.message);
    else throw error;
    return 1;
  }
}

function given(args: readonly string[]): { values: Options; positionals: string[] } {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        steps: { type: "string" },
        step: { type: "string" },
        expand: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(
      `${message.split(". ")[0].replace(/\.$/, "")}. An expression that begins with - goes in brackets: "(-x)".`,
    );
  }
}

/** A file that exists, or a text that can only be the name of one. */
function isProgram(what: string): boolean {
  return /\.[cm]?[jt]s$/.test(what) || (/[/\\]/.test(what) && existsSync(what));
}

function op(name: string, { json, step, expand }: Options): number {
  if (step !== undefined || expand)
    throw new UsageError("--step and --expand are for expressions and programs.");
  const names = opNames();
  if (!names.includes(name)) {
    const near = nearestName(name, names);
    const way = near === undefined ? "docs/ops.md lists all" : `did you mean ${near}?`;
    console.error(`There is no op ${name}; ${way}`);
    return 1;
  }
  const card = cardOf(name);
  screen(json ? [JSON.stringify(card)] : cardText(card, columnsOf()));
  return 0;
}

function expression(text: string, values: readonly string[], options: Options): number {
  const { trace, verdict, agrees } = explainExpression(text, values);
  show(trace, options, false, verdict);
  return agrees ? 0 : 1;
}

async function program(file: string, rest: readonly string[], options: Options): Promise<number> {
  if (rest.length > 0) throw new UsageError(`A program takes no values; got ${rest.join(" ")}.`);
  if (!existsSync(file)) throw new ExpressionError(`There is no file ${file}.`);
  const steps = wholeNumber("--steps", options.steps ?? "1");
  const { trace, note } = await quietly(() => watchProgram(file, steps, idle));
  if (trace.events.length === 0) {
    throw new ExpressionError(
      `${file} ran no op of this gradus. It must import the packages of this workspace; a function that trains must be ` +
        "called, or exported as main.",
    );
  }
  show(trace, options, true, note === null ? [] : [note]);
  return 0;
}

/** Resolves when the program has nothing left to do. */
function idle(): Promise<void> {
  return new Promise((done) => {
    process.once("beforeExit", () => done());
  });
}

function show(trace: TraceData, options: Options, names: boolean, below: readonly string[]): void {
  const columns = columnsOf();
  const expand = options.expand === true;
  if (options.step !== undefined) {
    const lines = stepText(trace, wholeNumber("--step", options.step), expand, columns);
    screen(options.json ? [JSON.stringify(lines)] : lines);
  } else if (options.json) screen([JSON.stringify(trace)]);
  else
    screen(
      [...traceText(trace, { columns, expand, given: names, note: noteOf }).split("\n"), ...below],
      columns,
    );
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw new UsageError(`${option} must be a whole number ≥ 1, got ${JSON.stringify(text)}.`);
}

/** Whether this file is the program that Node runs. */
if (/[/\\]explain[/\\]main\.ts$/.test(process.argv[1] ?? "")) {
  const failed = (error: unknown): void => {
    if (isEnough(error)) return; // the program was ended
    console.error(error);
    process.exit(1);
  };
  process.on("uncaughtException", failed).on("unhandledRejection", failed);
  main(process.argv.slice(2)).then((code) => process.exit(code), failed);
}
