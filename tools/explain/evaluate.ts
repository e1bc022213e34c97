import { math, nearestName, ops, Tensor, tensor } from "@gradus/core";
import { layerOps } from "@gradus/nn";
import type { Node, Statement } from "./parse.ts";
import { PlacedError } from "./tokens.ts";

type Op = ((...args: unknown[]) => unknown) & {
  readonly spec: { readonly name: string; readonly list?: true };
};

/** All ops of all registries: the functions that an expression may call. */
export const functions: Readonly<Record<string, Op>> = { ...ops, ...layerOps } as never;

/** The ops that are methods of tensors. */
const methods = Object.entries(ops).flatMap(([name, op]) => ("list" in op.spec ? [] : name));

const OPERATORS: Readonly<Record<string, { op: string; numbers(a: number, b: number): number }>> = {
  "+": { op: "add", numbers: (a, b) => a + b },
  "-": { op: "sub", numbers: (a, b) => a - b },
  "*": { op: "mul", numbers: (a, b) => a * b },
  "/": { op: "div", numbers: (a, b) => a / b },
  "**": { op: "pow", numbers: math.pow },
};

/** Values by name: those that are given, then those that statements assign. */
export type Values = Map<string, unknown>;

/**
 * Runs statements. @returns the value of the last.
 * @param assigned is told every tensor that gets a name.
 * @throws PlacedError
 */
export function evaluate(
  statements: readonly Statement[],
  values: Values,
  assigned: (x: Tensor, name: string) => void = () => {},
): unknown {
  let value: unknown;
  for (const statement of statements) {
    value = resultOf(statement.value, values);
    if (statement.name === null) continue;
    values.set(statement.name, value);
    if (value instanceof Tensor) assigned(value, statement.name);
  }
  return value;
}

/** The names that statements use before they assign them. */
export function freeNames(statements: readonly Statement[]): Set<string> {
  const free = new Set<string>();
  const known = new Set<string>();
  const visit = (node: Node): void => {
    if (node.kind === "name" && !known.has(node.name)) free.add(node.name);
    for (const child of childrenOf(node)) visit(child);
  };
  for (const { name, value } of statements) {
    visit(value);
    if (name !== null) known.add(name);
  }
  return free;
}

function childrenOf(node: Node): readonly Node[] {
  if (node.kind === "list") return node.items;
  if (node.kind === "params") return node.entries.map(([, value]) => value);
  if (node.kind === "negative") return [node.of];
  if (node.kind === "operator") return [node.left, node.right];
  if (node.kind === "call") return node.args;
  return node.kind === "method" ? [node.of, ...node.args] : [];
}

function resultOf(node: Node, values: Values): unknown {
  const at = (child: Node): unknown => resultOf(child, values);
  if (node.kind === "value") return node.value;
  if (node.kind === "list") return node.items.map(at);
  if (node.kind === "params")
    return Object.fromEntries(node.entries.map(([name, value]) => [name, at(value)]));
  if (node.kind === "name") return named(node, values);
  if (node.kind === "negative") {
    const value = at(node.of);
    return typeof value === "number" ? -value : run(node, functions.neg, [value]);
  }
  if (node.kind === "operator") {
    const [left, right] = [at(node.left), at(node.right)];
    const { op, numbers } = OPERATORS[node.sign];
    if (typeof left === "number" && typeof right === "number") return numbers(left, right);
    return run(node, functions[op], [left, right]);
  }
  if (node.kind === "method") {
    const of = at(node.of);
    if (!(of instanceof Tensor)) {
      const instead = `${node.name}(${typeof of === "number" ? of : "…"})`;
      throw new PlacedError(`only tensors have methods; write ${instead}`, node.at.start, node.at.end);
    }
    if (node.name === "detach" && node.args.length === 0) return of.detach();
    if (!methods.includes(node.name)) throw unknownOp(node.name, node.at, methods, "method");
    return run(node, functions[node.name], [of, ...node.args.map(at)]);
  }
  if (node.name === "tensor") return run(node, tensor as never, node.args.map(at));
  if (!Object.hasOwn(functions, node.name)) throw unknownOp(node.name, node.at, Object.keys(functions), "op");
  return run(node, functions[node.name], node.args.map(at));
}

function named(node: Node & { kind: "name" }, values: Values): unknown {
  const { name, start, end } = node;
  if (values.has(name)) return values.get(name);
  const near = nearestName(name, [...values.keys()]);
  const way = near === undefined ? `give it after the expression, as in ${name}=2` : `did you mean ${near}?`;
  const isOp = Object.hasOwn(functions, name);
  throw new PlacedError(
    isOp ? `${name} is an op: call it, as in ${name}(x)` : `${name} has no value; ${way}`,
    start,
    end,
  );
}

function unknownOp(
  name: string,
  at: { start: number; end: number },
  known: readonly string[],
  what: string,
): PlacedError {
  const near = nearestName(name, known);
  const way = near === undefined ? "docs/ops.md lists all" : `did you mean ${near}?`;
  return new PlacedError(`there is no ${what} ${name}; ${way}`, at.start, at.end);
}

/** Calls a function; its error gets the place of the call. */
function run({ start, end }: Node, f: (...args: unknown[]) => unknown, args: readonly unknown[]): unknown {
  try {
    return f(...args);
  } catch (error) {
    if (error instanceof PlacedError || !(error instanceof Error)) throw error;
    throw new PlacedError(error.message, start, end);
  }
}
