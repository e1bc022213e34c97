import { backward, ones, type Tensor, tensor, variable } from "@gradus/core";
import { gradcheck } from "@gradus/core/testing";
import { type Trace, watch } from "@gradus/core/watch";
import { evaluate, freeNames, type Values } from "./evaluate.ts";
import { parse, type Statement } from "./parse.ts";
import { PlacedError } from "./tokens.ts";

/** An expression that was run: its trace, and what the comparison with central differences says. */
export interface Explained {
  readonly trace: Trace;
  /** Lines below the table. */
  readonly verdict: readonly string[];
  /** Whether the gradients agree with central differences, or there is none. */
  readonly agrees: boolean;
}

/** A mistake in an expression or a given value, with the text that it is in. */
export class ExpressionError extends Error {
  override name = "ExpressionError";
}

/**
 * Runs an expression and its backward pass under `watch`, and compares the gradients with central differences.
 *
 * @param text statements; the value of the last is differentiated.
 * @param given values by name, as text: `x=2`, `y=[1,2,3]`.
 * @throws ExpressionError
 */
export function explainExpression(text: string, given: readonly string[]): Explained {
  const statements = placed(text, () => parse(text));
  const inputs = new Map(given.map(givenValue));
  placed(text, () => checkNames(statements, inputs, given));
  const names = [...inputs.keys()];
  const run = (...xs: readonly Tensor[]): Tensor => {
    const values: Values = new Map(names.map((name, i) => [name, xs[i]]));
    return resultOf(evaluate(statements, values), statements);
  };
  const variables = [...inputs.values()].map((x) => variable(x));
  const trace = placed(text, () =>
    watch(({ name }) => {
      const seen = new Map<string, number>();
      const setName = (x: Tensor, wanted: string): void => {
        if (named.has(x)) return;
        const count = seen.get(wanted) ?? 0;
        seen.set(wanted, count + 1);
        named.add(x);
        name(x, count === 0 ? wanted : `${wanted}${"′".repeat(count)}`);
      };
      const named = new Set<Tensor>();
      variables.forEach((x, i) => {
        setName(x, names[i]);
      });
      const values: Values = new Map(names.map((each, i) => [each, variables[i]]));
      const y = resultOf(evaluate(statements, values, setName), statements);
      return { y, gradients: y.tracked ? backward(y, { cotangent: ones(y.shape) }) : null };
    }),
  );
  return { trace, ...verdictOf(trace.result, run, names, variables) };
}

type Result = { y: Tensor; gradients: ReturnType<typeof backward> | null };

function verdictOf(
  { y, gradients }: Result,
  run: (...xs: Tensor[]) => Tensor,
  names: readonly string[],
  variables: readonly Tensor[],
): Pick<Explained, "verdict" | "agrees"> {
  if (names.length === 0)
    return { verdict: ["no value is given: there is nothing to differentiate by"], agrees: true };
  if (gradients === null) return { verdict: ["no gradient flows from the result to a value"], agrees: true };
  const without = [...names.keys()].filter((i) => gradients.get(variables[i]) === undefined);
  const list = without.map((i) => names[i]).join(", ");
  const notes = [
    ...(y.size === 1 ? [] : ["the result is no single number: the gradients are those of its sum"]),
    ...(without.length === 0 ? [] : [`no gradient flows to ${list}`]),
  ];
  if (!y.data.every(Number.isFinite)) {
    return { verdict: [...notes, "the result is not finite: central differences say nothing"], agrees: true };
  }
  try {
    const plain = variables.map((x) => x.detach());
    // A constant may not be marked if it has no slope: an index. Others are checked: their difference must be 0.
    gradcheck((...xs) => run(...xs), plain, { name: "the expression", constants: without, tolerance: 1e-6 });
    return { verdict: [...notes, "✓ agrees with central differences"], agrees: true };
  } catch (error) {
    return { verdict: [...notes, `✗ ${(error as Error).message}`], agrees: false };
  }
}

function resultOf(value: unknown, statements: readonly Statement[]): Tensor {
  const { start, end } = statements[statements.length - 1].value;
  if (typeof value === "number") return tensor(value);
  if (Array.isArray(value)) throw new PlacedError("the result is a list; take one part of it", start, end);
  if (typeof (value as Tensor | undefined)?.shape === "object") return value as Tensor;
  throw new PlacedError("the result is no tensor", start, end);
}

/** `x=[1,2]` as name and tensor. */
function givenValue(text: string): [name: string, value: Tensor] {
  const at = text.indexOf("=");
  const name = text.slice(0, at).trim();
  if (at < 0 || !/^[A-Za-z_$][\w$]*$/.test(name)) {
    throw new ExpressionError(`${text}: a value is given as name=value, such as x=2 or y=[1,2,3]`);
  }
  const source = text.slice(at + 1);
  if (source.trim() === "") throw new ExpressionError(`${text}: there is no value after the =`);
  return placed(text, () => {
    try {
      const statements = parse(source);
      const value = evaluate(statements, new Map());
      if (statements.length === 1 && (typeof value === "number" || Array.isArray(value)))
        return [name, tensor(value)];
      if (typeof (value as Tensor)?.shape === "object") return [name, value as Tensor];
      throw new PlacedError("a value is a number or a list of numbers", 0, source.length);
    } catch (error) {
      if (error instanceof PlacedError)
        throw new PlacedError(error.message, error.start + at + 1, error.end + at + 1);
      throw new PlacedError((error as Error).message, at + 1, text.length);
    }
  });
}

function checkNames(
  statements: readonly Statement[],
  inputs: ReadonlyMap<string, Tensor>,
  given: readonly string[],
): void {
  const free = freeNames(statements);
  const twice = given.find((text, i) => given.findIndex((other) => nameIn(other) === nameIn(text)) !== i);
  if (twice !== undefined) throw new ExpressionError(`${twice}: ${nameIn(twice)} is given twice`);
  // An unknown name in the expression explains an unused one better.
  if ([...free].some((name) => !inputs.has(name))) return;
  const unused = [...inputs.keys()].find((name) => !free.has(name));
  if (unused !== undefined) {
    throw new ExpressionError(
      `${unused} is given and not used in the expression; it uses ${[...free].join(", ") || "none"}`,
    );
  }
}

function nameIn(text: string): string {
  return text.slice(0, text.indexOf("=")).trim();
}

/** Runs a part; a mistake in the text becomes an error that shows its place. */
function placed<T>(text: string, part: () => T): T {
  try {
    return part();
  } catch (error) {
    if (error instanceof PlacedError) throw new ExpressionError(error.in(text));
    throw error;
  }
}
