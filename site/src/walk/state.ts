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

/** The name of the program that was typed or came in a link. */
export const OWN = "own";

/**
 * The view as the part of an address after "#"; defaults are left out.
 *
 * @param code a program of one's own, packed.
 */
export function linkOf({ example, depth, at, drawing }: View, code: string): string {
  const parts = [
    ["v", code === "" ? "" : "1"],
    ["code", code],
    ["ex", code === "" ? example : ""],
    ["depth", depth === "ops" ? "" : depth],
    ["at", at < 0 ? "" : String(at + 1)],
    ["as", drawing === "list" ? "" : drawing],
  ];
  return parts
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
    .join("&");
}

/** The view of a link, and the packed program in it, "" if there is none. Parts that make no sense are ignored. */
export function viewOf(hash: string, names: readonly string[]): { view: View; code: string } {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const code = given.get("code") ?? "";
  const example = code === "" ? (given.get("ex") ?? "") : OWN;
  const depth = depths.find((one) => one === given.get("depth")) ?? "ops";
  const at = Number(given.get("at") ?? 0) - 1;
  const view: View = {
    example: names.includes(example) ? example : names[0],
    depth,
    at: Number.isSafeInteger(at) && at >= -1 ? at : -1,
    drawing: given.get("as") === "graph" ? "graph" : "list",
  };
  return { view, code };
}
