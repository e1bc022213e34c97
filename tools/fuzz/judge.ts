import { GradusError } from "@gradus/core";
import type { Reader } from "./readers.ts";

/** The outcome of one file for a reader. */
export interface Verdict {
  readonly accepted: boolean;
  readonly ms: number;
  /** The fault, if there is one. */
  readonly fault?: string | undefined;
}

/** The time limit for reading or refusing a small file, on an idle processor. */
const MOST_MS = 50;
/** Bytes that reading may take besides twice the file: for stream buffers, and because float64 is wider than the file's numbers. */
const ARRAYS_BESIDE = 262_144;
/** The same for objects and texts on the heap; every run leaves some. */
const MOST_HEAP = 8_388_608;

/**
 * Gives a file to a reader. The reader must return a value or throw a GradusError, within the limits of time and memory,
 * and must not change Object.prototype. If it exceeds a limit it is measured again, because the machine may have
 * paused.
 */
export async function judge(read: Reader["read"], bytes: Uint8Array): Promise<Verdict> {
  const first = await measure(read, bytes);
  if (excess(first, bytes) === undefined) return verdict(first, bytes);
  return verdict(await measure(read, bytes), bytes);
}

interface Measurement {
  /** The thrown value, wrapped in an object; null if nothing was thrown. */
  readonly thrown: { readonly error: unknown } | null;
  /**
   * The time that passed, or the processor time of this process if that is less: waiting for other processes does not
   * count.
   */
  readonly ms: number;
  /** Bytes that were allocated and not freed; a garbage collection in between hides some. */
  readonly arrays: number;
  readonly heap: number;
}

async function measure(read: Reader["read"], bytes: Uint8Array): Promise<Measurement> {
  const given = bytes.slice(); // so that a reader that writes into its input does not spoil the second measurement
  const before = process.memoryUsage();
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  let thrown: Measurement["thrown"] = null;
  try {
    await read(given);
  } catch (error) {
    thrown = { error };
  }
  const passed = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  const after = process.memoryUsage();
  return {
    thrown,
    ms: Math.min(passed, (user + system) / 1000),
    arrays: after.arrayBuffers - before.arrayBuffers,
    heap: after.heapUsed - before.heapUsed,
  };
}

function verdict(measured: Measurement, bytes: Uint8Array): Verdict {
  const { thrown, ms } = measured;
  return { accepted: thrown === null, ms, fault: foreign(thrown) ?? polluted() ?? excess(measured, bytes) };
}

function foreign(thrown: Measurement["thrown"]): string | undefined {
  if (thrown === null || thrown.error instanceof GradusError) return undefined;
  return thrown.error instanceof Error
    ? (thrown.error.stack ?? thrown.error.message)
    : `threw ${thrown.error}`;
}

function polluted(): string | undefined {
  for (const key in {}) return `every object now has a property ${JSON.stringify(key)}`;
  return undefined;
}

function excess({ ms, arrays, heap }: Measurement, { length }: Uint8Array): string | undefined {
  const most = 2 * length + ARRAYS_BESIDE;
  if (arrays > most) return `took ${arrays} bytes of arrays, more than ${most}, twice`;
  if (heap > MOST_HEAP) return `took ${heap} bytes of objects, more than ${MOST_HEAP}, twice`;
  if (ms > MOST_MS) return `took ${ms.toFixed(1)} ms, more than ${MOST_MS}, twice`;
  return undefined;
}
