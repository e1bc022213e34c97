/** What the page shows, in links and in the address. */
import type { Depth } from "./walk.ts";

/** The choices of the visitor. */
export interface View {
  /** The name of an example; "own" for a program that was typed or came in a link. */
  readonly example: string;
  readonly depth: Depth;
  /** The step that has just happened; −1 before the first. */
  readonly at: number;
  readonly drawing: "list" | "graph";
}

export const depths: readonly Depth[] = ["layers", "ops", "parts"];

/** The view as the part of an address after "#"; defaults are left out. */
export function linkOf({ example, depth, at, drawing }: View): string {
  const parts = [
    ["ex", example],
    ["depth", depth === "ops" ? "" : depth],
    ["at", at < 0 ? "" : String(at + 1)],
    ["as", drawing === "list" ? "" : drawing],
  ];
  return parts
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join("&");
}

/** The view of a link. Parts that make no sense are ignored: any text gives a view. */
export function viewOf(hash: string, names: readonly string[]): View {
  let given = new Map<string, string>();
  try {
    given = new Map(new URLSearchParams(hash.replace(/^#/, "")));
  } catch {
    // No view in it.
  }
  const example = given.get("ex") ?? "";
  const depth = given.get("depth") as Depth | undefined;
  const at = Number(given.get("at") ?? 0) - 1;
  return {
    example: names.includes(example) ? example : names[0],
    depth: depth !== undefined && depths.includes(depth) ? depth : "ops",
    at: Number.isSafeInteger(at) && at >= -1 ? at : -1,
    drawing: given.get("as") === "graph" ? "graph" : "list",
  };
}
