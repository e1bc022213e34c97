import { ArgumentError, FormatError, noMore, show, type Tensor } from "@gradus/core";
import { type FileBytes, readSafetensors, type SafetensorsFile, writeSafetensors } from "@gradus/io";
import { KIND } from "@gradus/io/internal";
import { type Layer, namedTensors } from "@gradus/nn";
import { type Stateful, TensorsState } from "../state.ts";
import { isRecord, type Packed, type PlainData, pack, unpack } from "./plain-data.ts";

/** The parts of a checkpoint, by names of your own. */
export type Parts = Readonly<Record<string, Stateful | Layer<never>>>;

const VERSION = "1";

/**
 * The state of a training as one safetensors file: arrays and tensors as tensors, the rest as JSON in the metadata. `fit`
 * calls this itself; call it in training loops of your own.
 *
 * @param parts nets, and objects with `state()` and `restore(state)`.
 * @throws ArgumentError for a part that is neither, or a state that is not {@link PlainData}: whatever is saved can be
 *   loaded.
 * @example
 * const bytes = saveCheckpoint({ net, optimizer, rng, plateau });
 */
export function saveCheckpoint(parts: Parts, ...extra: readonly undefined[]): FileBytes {
  noMore("saveCheckpoint", "parts", extra);
  checkParts("saveCheckpoint", parts);
  const { json, tensors } = packed(parts);
  return writeSafetensors(tensors, {
    metadata: [
      [KIND, "checkpoint"],
      ["version", VERSION],
      ["state", json],
    ],
    digest: true,
  });
}

/** Refuses what would be taken for no parts at all. */
function checkParts(who: string, parts: Parts): void {
  if (isRecord(parts) && Object.keys(parts).length > 0) return;
  const net =
    typeof (parts as Partial<Layer> | null)?.forward === "function" ? "; did you mean { net }?" : "";
  throw new ArgumentError(
    `${who}: needs an object of parts such as { net, optimizer }, got ${show(parts)}${net}`,
  );
}

/** The states of the parts, as they are saved. @throws ArgumentError for a state that cannot be saved. @internal */
export function packed(parts: Parts): Packed {
  const states = Object.entries(parts).map(([name, part]): [string, unknown] => {
    const state = statefulOf(name, part).state();
    if (state !== undefined) return [name, state];
    throw new ArgumentError(
      `checkpoint: state() of ${show(name)} gave undefined; if it has no state, let it give null`,
    );
  });
  return pack(Object.fromEntries(states) as PlainData);
}

/**
 * Restores the state that {@link saveCheckpoint} saved: all parts, or none.
 *
 * @param parts the same parts under the same names.
 * @throws FormatError if the file is broken, of a newer version, or does not fit; nothing is changed then.
 * @example loadCheckpoint({ net, optimizer, rng, plateau }, bytes);
 */
export function loadCheckpoint(
  parts: Parts,
  bytes: Uint8Array | ArrayBuffer,
  ...extra: readonly undefined[]
): void {
  noMore("loadCheckpoint", "parts, bytes", extra);
  checkParts("loadCheckpoint", parts);
  const states = readCheckpoint(bytes);
  const missing = Object.keys(parts).filter((name) => !Object.hasOwn(states, name));
  const unexpected = Object.keys(states).filter((name) => !Object.hasOwn(parts, name));
  const problems = [
    ...missing.map((name) => `it has no ${show(name)}`),
    ...unexpected.map((name) => `it has ${show(name)}, which is none of these parts`),
  ];
  if (problems.length > 0)
    throw new FormatError(`loadCheckpoint: not a checkpoint of these parts: ${problems.join("; ")}`);
  const undo: (() => void)[] = [];
  try {
    for (const [name, part] of Object.entries(parts)) {
      const stateful = statefulOf(name, part);
      const before = stateful.state();
      stateful.restore(states[name]);
      undo.push(() => stateful.restore(before));
    }
  } catch (error) {
    for (const back of undo.reverse()) back();
    throw error;
  }
}

/** The states in a checkpoint, by name. @throws FormatError */
function readCheckpoint(bytes: Uint8Array | ArrayBuffer): Readonly<Record<string, PlainData>> {
  const file = readSafetensors(bytes);
  const { metadata } = file;
  if (metadata.get(KIND) !== "checkpoint") {
    throw new FormatError(
      "checkpoint: this safetensors file has weights alone; loadWeights(net, bytes) takes them",
    );
  }
  const version = metadata.get("version");
  if (version !== VERSION) {
    throw new FormatError(
      `checkpoint: this gradus reads version ${show(VERSION)}, not ${show(version)}; use the gradus that saved it, or a newer one`,
    );
  }
  const states = unpack(metadata.get("state") ?? "", readerOf(file));
  if (!isRecord(states)) throw new FormatError(`checkpoint: its state is ${show(states)}, not an object`);
  return states as Readonly<Record<string, PlainData>>;
}

/** Reads each tensor only once: a state that names one tensor many times could need any amount of memory. */
function readerOf(file: SafetensorsFile): (name: string) => Tensor {
  const left = new Set(file.names);
  return (name) => {
    if (!left.delete(name)) {
      throw new FormatError(
        `checkpoint: its state names the tensor ${show(name)}, which the file does not have or the state names twice`,
      );
    }
    const { dtype } = file.info(name);
    if (dtype !== "F64")
      throw new FormatError(`checkpoint: ${show(name)} is ${dtype}; only F64 keeps every bit`);
    return file.tensor(name);
  };
}

/** Whether it has `state()` and `restore(state)`. @internal */
export function isStateful(part: unknown): part is Stateful {
  const { state, restore } = Object(part);
  return typeof state === "function" && typeof restore === "function";
}

function statefulOf(name: string, part: Stateful | Layer<never>): Stateful {
  if (isStateful(part)) return part;
  if (typeof part?.forward === "function") return new TensorsState(namedTensors(part));
  throw new ArgumentError(
    `checkpoint: ${show(name)} must be a net or have state() and restore(state), got ${show(part)}`,
  );
}
