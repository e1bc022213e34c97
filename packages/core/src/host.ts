import { show } from "./shape.ts";

// Parts of the host that some hosts lack or refuse. Programs compute the same without them.

interface Host {
  readonly console?: { warn?(text: string): void };
  readonly performance?: { now?(): number };
}

/** Prints a line of warning, where the host has a console. */
export function warn(text: string): void {
  (globalThis as Host).console?.warn?.(text);
}

/** The time in milliseconds, to measure how long something takes; where there is no `performance`, by the time of day. */
export function now(): number {
  return (globalThis as Host).performance?.now?.() ?? Date.now();
}

const LONGEST = 300;

/** The reason that a host gives by throwing something: one line of text, whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  let text: string;
  try {
    const { name, message } = Object(thrown) as Partial<Error>;
    if (typeof message === "string") text = typeof name === "string" ? `${name}: ${message}` : message;
    else text = typeof thrown === "string" ? thrown : show(thrown);
  } catch {
    text = "it does not say why";
  }
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
