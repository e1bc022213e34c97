import { blockedKernels } from "./blocked.ts";
import type { Kernels } from "./kernels.ts";

let current: Kernels = blockedKernels;

/** The kernels every op runs on. */
export function kernels(): Kernels {
  return current;
}

/**
 * Switches all further computation to other kernels. The numbers stay the same to the last bit; only the time
 * changes. Returns the ones that were active before.
 *
 * @example
 * const before = useKernels(referenceKernels);
 */
export function useKernels(next: Kernels): Kernels {
  const before = current;
  current = next;
  return before;
}
