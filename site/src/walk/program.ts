/** From the source of a program to a function that can be watched. */
import { transform } from "sucrase";

/** A program that is ready to run. */
export interface Program {
  /** Plain JavaScript whose imports are calls of `require`, with the lines of the source. */
  readonly code: string;
  /** The names that it declares outside of all functions and blocks. */
  readonly names: readonly string[];
}

/** Text that does not parse. */
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
 * @throws ProgramError if it does not parse, or waits with `await`: a watched program ends before it returns.
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

/**
 * Runs a program.
 *
 * @param modules what `import` can get, by name.
 * @param console takes the place of the global one.
 * @param named is called at the end with the value of each name.
 */
export function runProgram(
  { code, names }: Program,
  modules: Readonly<Record<string, unknown>>,
  console: object,
  named: (name: string, value: unknown) => void,
): void {
  const require = (name: string): unknown => {
    if (Object.hasOwn(modules, name)) return modules[name];
    throw new ProgramError(
      `there is no ${JSON.stringify(name)} on this page; import from ${Object.keys(modules).join(", ")}`,
      null,
    );
  };
  const values = names.map((name) => `${JSON.stringify(name)}: () => ${name}`).join(", ");
  const run = new Function(
    "require",
    "exports",
    "console",
    `${code}\n;return { ${values} };\n//# sourceURL=program.ts`,
  ) as (require: unknown, exports: object, console: unknown) => Record<string, () => unknown>;
  const found = run(require, {}, console);
  for (const [name, value] of Object.entries(found)) named(name, value());
}
