/** From the source of a program to a function that can be watched. */
import { transform } from "sucrase";

/** A program that is ready to run. */
export interface Program {
  /** Plain JavaScript whose imports are calls of `require`, with the lines of the source. */
  readonly code: string;
  /** The names that it declares outside of all functions and blocks. */
  readonly names: readonly string[];
}

/** Text that does not parse, or a program that this page cannot run. */
export class ProgramError extends Error {
  /** From 1; null if unknown. */
  readonly line: number | null;

  constructor(message: string, line: number | null) {
    super(message);
    this.line = line;
  }
}

/**
 * @param source TypeScript or JavaScript.
 * @throws ProgramError if its TypeScript does not parse. The rest of its mistakes are found when it runs.
 */
export function programOf(source: string): Program {
  let code: string;
  try {
    ({ code } = transform(source, { transforms: ["typescript", "imports"], disableESTransforms: true }));
  } catch (error) {
    const { message, loc } = error as { message: string; loc?: { line: number } };
    const text = message.replace(/^Error transforming[^:]*: /, "").replace(/ \(\d+:\d+\)$/, "");
    throw new ProgramError(text, loc?.line ?? null);
  }
  const names = [
    ...source.matchAll(/^(?:export\s+)?(?:const|let|var)\s+([\p{L}_$][\p{L}\p{N}_$]*)\s*[=:]/gmu),
  ];
  return { code, names: [...new Set(names.map(([, name]) => name))] };
}

/** The parameters of the function that a program becomes. */
const PARAMETERS = ["require", "exports", "console"] as const;

/** The body of that function. A block of its own lets a program declare names like those of the parameters. */
function bodyOf({ code, names }: Program): string {
  const values = names.map((name) => `${JSON.stringify(name)}: () => ${name}`).join(", ");
  return `"use strict";{${code}\n;return { ${values} };}\n//# sourceURL=program.ts`;
}

/** A script that only parses a program, with the same lines as `new Function` gives it; its call is left out. */
export function parsed(program: Program): string {
  return `(function anonymous(${PARAMETERS.join(",")}\n) {\n${bodyOf(program)}\n})`;
}

/**
 * Runs a program.
 *
 * @param modules what `import` can get, by name.
 * @param console takes the place of the global one.
 * @param named is called at the end with the value of each name.
 */
export function runProgram(
  program: Program,
  modules: Readonly<Record<string, object>>,
  console: object,
  named: (name: string, value: unknown) => void,
): void {
  const run = new Function(...PARAMETERS, bodyOf(program)) as (
    require: unknown,
    exports: object,
    console: unknown,
  ) => Record<string, () => unknown>;
  const found = run((name: unknown) => required(modules, String(name)), {}, console);
  for (const [name, value] of Object.entries(found)) {
    let given: unknown;
    try {
      given = value();
    } catch {
      continue; // the name stands in a text or a comment
    }
    named(name, given);
  }
}

/** A module whose unknown names are errors that say so. */
function required(modules: Readonly<Record<string, object>>, name: string): unknown {
  if (!Object.hasOwn(modules, name)) {
    const known = Object.keys(modules).join(", ");
    throw new ProgramError(`there is no ${JSON.stringify(name)} on this page; import from ${known}`, null);
  }
  return new Proxy(modules[name], {
    get(module, key) {
      if (key === "__esModule") return true; // so that a default import is one of "default"
      const optional = typeof key === "symbol" || key === "then";
      if (optional || Object.hasOwn(module, key)) return Reflect.get(module, key);
      throw new ProgramError(
        `${JSON.stringify(name)} has no ${key === "default" ? "default export" : key}`,
        null,
      );
    },
  });
}
