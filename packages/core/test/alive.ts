import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc") as () => void;

/** How many objects are still there after garbage collection. */
export async function alive(references: readonly WeakRef<object>[]): Promise<number> {
  let count = references.length;
  // The engine may keep a reference in a register for some tasks; a leak is still there after ten.
  for (let task = 0; task < 10 && count > 0; task++) {
    // A WeakRef holds its object until the end of the task.
    await new Promise((resolve) => setImmediate(resolve));
    gc();
    count = references.filter((reference) => reference.deref() !== undefined).length;
  }
  return count;
}
