/**
 * Finds the line of the user's program that called gradus, in a stack trace, whose format depends on the JavaScript
 * engine. No function here throws; lines that cannot be read are left out.
 */

/** Frames to keep: enough for nested nets. V8's default is 10. */
const FRAMES = 100;

/** A file of an installed package of gradus, also by pnpm (`@gradus+core@0.1.0`) and Vite (`@gradus_core.js`). */
const installed = /[/\\]@gradus(?:[/\\][a-z-]+[/\\](?:src|dist)[/\\]|[+_][a-z])/;

/** An error with the current stack trace; {@link callerOf} reads it later, because formatting it is slow. */
export function here(): Error {
  const V8 = Error as { stackTraceLimit?: number };
  const limit = V8.stackTraceLimit;
  try {
    V8.stackTraceLimit = FRAMES;
    return new Error();
  } catch {
    return new Error(); // the limit may be frozen
  } finally {
    if (limit !== undefined && V8.stackTraceLimit !== limit) V8.stackTraceLimit = limit;
  }
}

/**
 * The first line outside of gradus, as `file:line:column`; null if there is none.
 *
 * @param skips further files that are no part of the user's program.
 */
export function callerOf(place: Error, skips?: RegExp): string | null {
  ownFile ??= framesOf(here())[0]?.file ?? "";
  return firstOutside(
    framesOf(place).filter(({ file }) => !skips?.test(file)),
    ownFile,
  );
}

/** The file of this module, also after bundling: that of the innermost frame of a trace made here. */
let ownFile: string | undefined;

/** @internal */
export function firstOutside(frames: readonly Frame[], own: string): string | null {
  const root = /^(.*[/\\])core[/\\](?:src|dist)[/\\]/.exec(own)?.[1];
  const sibling = /^[a-z-]+[/\\](?:src|dist)[/\\]/;
  const isOwn = (file: string): boolean =>
    file === own ||
    installed.test(file) ||
    (root !== undefined && file.startsWith(root) && sibling.test(file.slice(root.length)));
  const caller = frames.find(({ file }) => !isOwn(file));
  return caller ? `${caller.file}:${caller.line}:${caller.column}` : null;
}

/** A line of a stack trace. @internal */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

function framesOf(place: Error): Frame[] {
  try {
    return parseStack(place.stack);
  } catch {
    return []; // `stack` may be a getter that throws
  }
}

/**
 * The frames of a stack trace with a file. V8 writes `at name (file:line:column)` or `at file:line:column`, Firefox and
 * WebKit write `name@file:line:column`. @internal
 */
export function parseStack(stack: unknown): Frame[] {
  if (typeof stack !== "string") return [];
  return stack.split("\n").flatMap((text) => {
    const line = text.trim();
    const place =
      placeInBrackets(line) ?? /^at (?:async )?(.+)$/.exec(line)?.[1] ?? /^[^@]*@(.+)$/.exec(line)?.[1];
    const parts = /^(.+?):(\d+):(\d+)$/.exec(place ?? "");
    if (!parts || /^node:|^eval at |<anonymous>|\[native code\]/.test(parts[1])) return [];
    return [{ file: readable(parts[1]), line: Number(parts[2]), column: Number(parts[3]) }];
  });
}

/**
 * The place in `at name (place)`. Both may contain brackets: a function called "f (2)", a folder called "Program Files (x86)".
 * The place begins like a URL or a path, after the first bracket for which that holds.
 */
function placeInBrackets(line: string): string | undefined {
  if (!/^at .*\)$/.test(line)) return undefined;
  const starts = [...line.matchAll(/\(/g)].map(({ index }) => line.slice(index + 1, -1));
  return starts.find((rest) => /^(?:[a-z][\w+.-]*:|[/\\])/i.test(rest)) ?? starts[0];
}

/** A path without `file://` (on Windows with one more slash) and without `?query`. */
function readable(file: string): string {
  return file.replace(/^file:\/\/(?:\/(?=[A-Za-z]:))?/, "").replace(/\?.*$/, "");
}
