/**
 * All ops of all registries as plain data, for pages and the terminal: what their declarations, sources, samples and the tables of
 * docs say. Nothing is written by hand: a new op appears here by being in its registry.
 */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { ops } from "@gradus/core";
import type { AnyOp, OpSamples, Sample, SampleInput } from "@gradus/core/testing";
import { layerOps } from "@gradus/nn";
import { samples as coreSamples } from "../../packages/core/test/samples/index.ts";
import { samples as layerSamples } from "../../packages/nn/test/samples/index.ts";
import { call, text } from "../docs/derivatives.ts";
import { others, points } from "../docs/special-points.ts";
import { type Group, groupOf } from "./groups.ts";
import { type Instruction, instructionOf } from "./instruction.ts";
import { type Plain, plainText, toPlain } from "./plain-params.ts";
import { type OpSource, opSources } from "./sources.ts";

/** A param of an op. */
export interface ParamEntry {
  readonly name: string;
  /** Its default as code; null if it must be given, "not set" if it may be left out and has none. */
  readonly default: string | null;
  readonly comment: string;
}

/** A call that an op is tested on. */
export interface SampleEntry {
  /** Uniform random numbers of a shape, or given values. */
  readonly inputs: readonly SampleInput[];
  /** The params as {@link toPlain} writes them; null if none are given. */
  readonly params: Plain;
}

/** The gradient that an op takes at a point without a derivative, as in docs/derivatives.md. */
export interface KinkEntry {
  readonly at: string;
  readonly first: string;
  readonly second: string;
  readonly why: string | null;
}

/** The measured error of an elementary function that an op calls, as in docs/accuracy.md. */
export interface AccuracyEntry {
  readonly name: string;
  /** In units of the last place. */
  readonly worst: string;
  readonly at: string;
}

/** Everything that is known about an op. */
export interface CatalogueEntry extends Omit<OpSource, "params" | "rules"> {
  readonly name: string;
  readonly package: string;
  /** Whether it is a method of Tensor too. */
  readonly method: boolean;
  /** Which of the three functions declares it. */
  readonly kind: "defineOp" | "deriveOp" | "defineListOp";
  readonly group: Group;
  /** The file that declares it, without its ending: its family. */
  readonly family: string;
  readonly formula: string;
  /** Paper and equation; null if the formula says it all. */
  readonly paper: string | null;
  readonly params: readonly ParamEntry[];
  /** The gradient rules, one for each input; null for an op made of other ops. */
  readonly rules: readonly string[] | null;
  readonly samples: readonly SampleEntry[];
  readonly kinks: readonly KinkEntry[];
  /** Why it has no kinks; null if it has. */
  readonly smooth: string | null;
  readonly accuracy: readonly AccuracyEntry[];
  readonly instruction: Instruction;
}

type Ops = Readonly<Record<string, AnyOp>>;
type Samples = Readonly<Record<string, OpSamples<unknown>>>;

/** Every registry of ops: the package, its export, the folder of its declarations, its samples. */
export const registries: readonly {
  readonly name: string;
  readonly ops: Ops;
  readonly folder: string;
  readonly samples: Samples;
}[] = [
  { name: "@gradus/core", ops: ops as unknown as Ops, folder: "packages/core/src/ops", samples: coreSamples },
  {
    name: "@gradus/nn",
    ops: layerOps as unknown as Ops,
    folder: "packages/nn/src/ops",
    samples: layerSamples,
  },
];

/** The catalogue, sorted by name. */
export function catalogue(): readonly CatalogueEntry[] {
  const measured = measuredErrors();
  const sources = opSources(registries.map(({ folder }) => folder));
  return registries
    .flatMap((registry) =>
      Object.entries(registry.ops).map(([name, op]) => {
        const source = sources.get(`${registry.folder}/${name}`);
        if (source === undefined) throw new Error(`${registry.folder} declares no ${name}`);
        return entry(name, op, registry.name, registry.samples[name].samples, source, measured);
      }),
    )
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
}

function entry(
  name: string,
  op: AnyOp,
  packageName: string,
  samples: readonly Sample<unknown>[],
  source: OpSource,
  measured: ReadonlyMap<string, AccuracyEntry>,
): CatalogueEntry {
  const { formula = "", source: paper, defaults = {}, required = [] } = op.spec;
  const params = [...required.map((key) => [String(key), null] as const), ...Object.entries(defaults)];
  const called = new Set([name, ...[...source.text.matchAll(/\bmath\.(\w+)/g)].map(([, f]) => f)]);
  return {
    ...source,
    rules: source.rules ?? null,
    name,
    package: packageName,
    method: packageName === "@gradus/core",
    kind: "list" in op.spec ? "defineListOp" : "vjp" in op.spec ? "defineOp" : "deriveOp",
    group: groupOf(
      op,
      params.map(([key]) => key),
      samples,
    ),
    family: basename(source.file, ".ts"),
    formula,
    paper: paper ?? paperIn(source.comment),
    params: params.map(([key, value]) => ({
      name: key,
      default: value === null ? null : value === undefined ? "not set" : plainText(toPlain(value)),
      comment: source.params[key] ?? "",
    })),
    samples: samples.map(({ inputs, params: given }) => ({
      inputs,
      params: given === undefined ? null : toPlain(given),
    })),
    kinks: points
      .filter((point) => point.op === name)
      .map((point) => ({
        at: call(point),
        first: text(point.first),
        second: text(point.second),
        why: point.why ?? null,
      })),
    smooth: others[name] ?? null,
    accuracy: [...called].flatMap((f) => measured.get(f) ?? []),
    instruction: instructionOf(op, samples),
  };
}

/** The sentence of a comment that begins with authors and a year: `Xu et al. 2015, Empirical Evaluation of …`. */
function paperIn(comment: string): string | null {
  return (
    /(?:^|\n)(\p{Lu}\p{L}+(?: et al\.| and \p{Lu}\p{L}+)? (?:19|20)\d\d,.*?)(?=[.;:]?(?:\n\n|$)|, with )/su
      .exec(comment)?.[1]
      .replace(/\s+/g, " ") ?? null
  );
}

/** The rows of the table of docs/accuracy.md, by function. */
function measuredErrors(): ReadonlyMap<string, AccuracyEntry> {
  const page = readFileSync(new URL("../../docs/accuracy.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| (\w+) \| \d+ \| ([\d.]+) \| (.+?) \|$/gm)];
  return new Map(rows.map(([, name, worst, at]) => [name, { name, worst, at }]));
}

/** Whether an op repeats its operands to a common shape: it is element-wise, or `broadcastTo`. */
export function broadcasts(name: string): boolean {
  let known = broadcasting.get(name);
  if (known === undefined) {
    known =
      name === "broadcastTo" || registries.some(({ ops, samples }) => isElementwise(name, ops, samples));
    broadcasting.set(name, known);
  }
  return known;
}

const broadcasting = new Map<string, boolean>();

function isElementwise(name: string, all: object, samples: Samples): boolean {
  if (!Object.hasOwn(all, name)) return false;
  const op = (all as Readonly<Record<string, AnyOp>>)[name];
  return groupOf(op, [], samples[name].samples) === "element-wise";
}
