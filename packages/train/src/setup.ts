import { math } from "@gradus/core";
import { warn } from "@gradus/core/internal";
import { type Layer, namedLayers } from "@gradus/nn";
import { Optimizer } from "@gradus/optim";
import type { Loss, StepTaker } from "./callbacks.ts";
import type { Stateful } from "./state.ts";

/** What a checkpoint cannot restore, because it is code: by name, as text. */
type Setup = Readonly<Record<string, string>>;

/** Differences that a warning lists. */
const MOST = 5;

/**
 * The loss, the optimizer's options and the layers of a training, to compare when it is resumed. A difference is a warning
 * and no error: it may be wanted. Code that is the same and reads another variable is not noticed.
 *
 * @internal
 */
export class TrainingSetup implements Stateful {
  readonly #setup: Setup;

  constructor(net: Layer<never>, optimizer: StepTaker, loss: Loss) {
    this.#setup = Object.fromEntries([
      [BUILD, digest(String(TrainingSetup))],
      ...described("loss", loss),
      ...described("optimizer", optimizer.constructor),
      ...(optimizer instanceof Optimizer ? optimizerOptions(optimizer.settings) : []),
      ...namedLayers(net).flatMap(([name, layer]) =>
        layerOptions(name === "" ? "net" : `net.${name}`, layer),
      ),
    ]);
  }

  state(): Setup {
    return this.#setup;
  }

  /** Warns if a training with another set-up was saved. */
  restore(state: unknown): void {
    const saved = Object(state) as Setup;
    const names = new Set([...Object.keys(this.#setup), ...Object.keys(saved)]);
    // A bundler or another version of gradus rewrites all code: only options can be compared then.
    const sameBuild = textOf(saved, BUILD) === textOf(this.#setup, BUILD);
    const differences = [...names].flatMap((name) => {
      if (name === BUILD || (!sameBuild && name.startsWith(CODE))) return [];
      const [was, is] = [textOf(saved, name), textOf(this.#setup, name)];
      if (was === is) return [];
      return [name.startsWith(CODE) ? `the ${name} differs` : `${name} was ${was} and is ${is}`];
    });
    if (differences.length === 0) return;
    const more = differences.length > MOST ? `; and ${differences.length - MOST} more` : "";
    warn(
      `fit: the checkpoint fits, but it was saved by a training with other code or options: ${differences.slice(0, MOST).join("; ")}${more}`,
    );
  }
}

const CODE = "code of ";

/** The digest of the code of this class, as it was built. */
const BUILD = "build";

type Entry = readonly [name: string, text: string];

function textOf(setup: Setup, name: string): string {
  return Object.hasOwn(setup, name) ? setup[name] : "not there";
}

/** An option as text; two entries for a function: its name, and a digest of its code. */
function described(name: string, value: unknown): Entry[] {
  if (typeof value === "function") {
    // All ops have the same code: that which runs a declaration.
    const { spec } = value as { readonly spec?: { readonly name?: string } };
    return [
      [name, spec?.name ?? (value.name || "a function")],
      [CODE + name, digest(String(value))],
    ];
  }
  if (typeof value !== "object" || value === null) return [[name, shortened(String(value))]];
  return Object.entries(value).flatMap(([key, child]) =>
    typeof child === "object" && child !== null ? [] : described(`${name}.${key}`, child),
  );
}

function optimizerOptions({
  groups,
  clip,
}: {
  readonly groups: readonly object[];
  readonly clip: object | undefined;
}): Entry[] {
  const entries = groups.flatMap((h, i) => {
    const name = groups.length === 1 ? "optimizer" : `optimizer.groups.${i}`;
    return Object.entries(h).flatMap(([key, value]) => {
      const own = described(`${name}.${key}`, value);
      return key === "learningRate" && typeof value === "function" ? [...own, ...rates(name, value)] : own;
    });
  });
  return [...entries, ...described("optimizer.clip", clip ?? "none")];
}

/** A schedule at some steps, unless it gives the same rate at all of them: then it has a state, as Plateau's. */
function rates(name: string, schedule: (step: number) => unknown): Entry[] {
  try {
    const values = Array.from({ length: 6 }, (_, i) => schedule(i === 0 ? 0 : math.pow(10, i - 1)));
    return values.every((value) => value === values[0]) ? [] : [[`${name}.learningRate`, values.join(", ")]];
  } catch {
    return []; // it is not for all steps
  }
}

/** A layer's class, its own description, its options, and its code. */
function layerOptions(name: string, layer: Layer<never>): Entry[] {
  const [first] = (typeof layer.toString === "function" ? String(layer) : "[object ").split("\n");
  const title = first.startsWith("[object ") ? (layer.constructor?.name ?? "object") : first;
  return [[name, shortened(title)], [CODE + name, digest(String(layer.forward))], ...described(name, layer)];
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 80)}… (${digest(text)})` : text;
}

/** FNV-1a, 32 bits: tells two texts apart. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
