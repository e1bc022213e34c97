import { readFileSync } from "node:fs";
import type { WatchEvent } from "@gradus/core/watch";
import { registries } from "../catalogue/catalogue.ts";
import { type OpSource, opSources } from "../catalogue/sources.ts";
import type { Note } from "./internals.ts";

const root = new URL("../../", import.meta.url);

/** A gradient rule as its source has it. */
export interface RuleSource {
  /** The text of the rule. */
  readonly text: string;
  /** The path from the root of the repository, and the line. */
  readonly file: string;
  readonly line: number;
}

let sources: ReadonlyMap<string, OpSource> | undefined;

/** The declaration of an op, also of one that is not in a registry; undefined if gradus has none of this name. */
export function sourceOf(op: string): OpSource | undefined {
  sources ??= opSources(registries.map(({ folder }) => folder));
  for (const { folder } of registries) {
    const found = sources.get(`${folder}/${op}`);
    if (found) return found;
  }
  return undefined;
}

/** The rule of an op for an input; undefined if it has no rules, or gradus has no such op. */
export function ruleSource(op: string, input: number): RuleSource | undefined {
  const source = sourceOf(op);
  const { rules } = source ?? {};
  if (!source || !rules) return undefined;
  const text = rules[rules.length === 1 ? 0 : input];
  if (text === undefined || text === "null") return undefined;
  return { text, file: source.file, line: lineOf(source, text, input) };
}

/** The line of a rule: in the declaration, else in the function of the same file that made it. */
function lineOf({ file, first, last, rules = [] }: OpSource, rule: string, input: number): number {
  const lines = readFileSync(new URL(file, root), "utf8").split("\n");
  const [start, ...rest] = rule.split("\n").map((line) => line.trim());
  const found = lines.flatMap((line, i) =>
    line.includes(start) && rest.every((text, k) => lines[i + 1 + k]?.trim().startsWith(text)) ? [i + 1] : [],
  );
  const inside = found.filter((line) => line >= first && line <= last);
  // The same text may stand there for several inputs.
  const earlier = rules.slice(0, input).filter((text) => text === rule).length;
  return inside[Math.min(earlier, inside.length - 1)] ?? found[0] ?? first;
}

/** The expression of a rule, in one line: `(g, { inputs: [, y] }) => chain(g, y)` is `chain(g, y)`. */
export function ruleText(rule: string): string {
  const body = rule.slice(rule.indexOf("=>") + 2).trim();
  return body.startsWith("{") ? "a rule of several lines" : body.replace(/\s+/g, " ");
}

/** The note beside a step: the formula, or the gradient rule with its file and line. */
export function noteOf(event: WatchEvent): Note {
  if (event.kind === "update") return { at: siteOf(event.site) };
  if (event.kind !== "rule") return { text: event.formula ?? undefined, at: siteOf(event.site) };
  const rule = ruleSource(event.op, event.input);
  if (rule === undefined) return {};
  return { text: ruleText(rule.text), at: `${rule.file.replace(/^.*\//, "")}:${rule.line}` };
}

/** The line of the program; not that of this tool. */
function siteOf(site: string | null): string | undefined {
  if (site === null || /[/\\]tools[/\\]explain[/\\]/.test(site)) return undefined;
  return site.replace(/^.*[/\\]/, "").replace(/:\d+$/, "");
}
