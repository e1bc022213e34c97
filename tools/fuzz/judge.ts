import { GradusError } from "@gradus/core";
import type { Reader } from "./readers.ts";

/** What a reader did with one file. */
export interface Verdict {
  readonly accepted: boolean;
  readonly ms: number;
  /** What is wrong with that. */
  readonly fault?: string | undefined;
}

/** Reading a small file, or refusing it, takes no longer, on a processor that does nothing else. */
const MOST_MS = 50;
/** Bytes that reading may take beside twice the file: a stream has its buffers, float64 are wider than the file's numbers. */
const ARRAYS_BESIDE = 262_144;
/** The same for objects and texts, of which a run leaves some behind anyway. */
const MOST_HEAP = 8_388_608;

/**
 * Lets a reader read a file: it must give a value or throw a GradusError, in time, without room for what the file only
 * claims, and without a trace on the prototype of all objects. What takes too much is measured again, since a
 * pause of the machine is not the reader's fault.
 */
export async function judge(read: Reader["read"], bytes: Uint8Array): Promise<Verdict> {
  const first = await measure(read, bytes);
  if (excess(first, bytes) === undefined) return verdict(first, bytes);
  return verdict(await measure(read, bytes), bytes);
}

interface Measurement {
  /** What was thrown, in a box; null if nothing was. */
  readonly thrown: { readonly error: unknown } | null;
  /**
   * The time that passed, or the processors' time for this process if that is less: waiting for other processes is not the
   * reader's fault.
   */
  readonly ms: number;
  /** Bytes that were taken and not given back since: a garbage collection in between hides some. */
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
