import { ArgumentError, GradusError, noMore, show } from "@gradus/core";
import { reasonOf, warn } from "@gradus/core/internal";
import { isSupported } from "./wasm/module.ts";
import { startThreads } from "./wasm/threads.ts";
import { wasmEngine } from "./wasm/wasm.ts";

/** More are of no use to matrices of the sizes gradus is for, and each takes memory. */
const MOST = 64;

/** The call before, as one must end before the next begins. */
let last: Promise<unknown> = Promise.resolve();
let warned = false;

/**
 * How many threads compiled functions, and large matrix products, are shared by: the calling one and n − 1 workers. The
 * numbers are the same, to the last bit, for any n. Small steps stay on one thread, as sharing them would take longer.
 *
 * Workers sleep while there is nothing to do, and do not keep a process alive; `threads(1)` ends them. In a browser they
 * need a page that is cross-origin isolated, and a Content Security Policy, if there is one, with `worker-src blob:`.
 *
 * @param n a whole number from 1 to 64; more than there are cores makes everything slower.
 * @returns how many there are now: n, or 1 where the plain loops run: WebAssembly has no SIMD, or the host refuses it (a
 *   warning says why).
 * @throws ArgumentError for another n, or in a page that is not cross-origin isolated (the message names the headers);
 *   GradusError if a worker does not start. All that was running before has ended then, and one thread goes on.
 * @example
 * await threads(2);
 */
export function threads(n: number, ...extra: readonly undefined[]): Promise<number> {
  noMore("threads", "n", extra);
  const next = last.then(() => change(n));
  last = next.catch(() => {});
  return next;
}

async function change(n: number): Promise<number> {
  if (!Number.isInteger(n) || n < 1 || n > MOST) {
    throw new ArgumentError(`threads: n must be a whole number from 1 to ${MOST}, got ${show(n)}`);
  }
  const engine = wasmEngine();
  if (engine === null) {
    // A host that refuses WebAssembly has got a warning already.
    if (n > 1 && !warned && !isSupported()) {
      warned = true;
      warn("threads: there is only one, as this host has no WebAssembly with SIMD and shared memory");
    }
    return 1;
  }
  const before = engine.team;
  if (n === (before?.threads ?? 1) && !before?.failure) return n;
  engine.team = null;
  await before?.stop();
  if (n === 1) return 1;
  if (typeof Atomics === "undefined") throw new GradusError("threads: this host has no Atomics");
  const team = startThreads(n, {
    memory: engine.memory,
    allocate: (bytes) => {
      const at = engine.heap.allocate(bytes);
      if (at === null) throw new GradusError(`threads: there is no memory left for ${n} threads`);
      return at;
    },
    release: (at) => engine.heap.release(at),
  });
  engine.team = await team.catch((cause) => {
    if (cause instanceof GradusError) throw cause;
    throw new GradusError(`threads: this host refuses them: ${reasonOf(cause)}`, { cause });
  });
  return n;
}
