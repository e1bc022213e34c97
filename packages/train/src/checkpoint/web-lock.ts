interface LockManager {
  request(
    name: string,
    options: { readonly ifAvailable: true },
    run: (lock: object | null) => Promise<void> | undefined,
  ): Promise<unknown>;
}
declare const navigator: { readonly locks?: LockManager } | undefined;

/**
 * A lock of the browser (Web Locks), which it takes back when the page or worker ends, for whatever reason.
 *
 * @returns a function that releases it; `"held"` if somebody else has it; `"none"` if there are no Web Locks here. @internal
 */
export function webLock(name: string): Promise<(() => void) | "held" | "none"> {
  const locks = typeof navigator === "undefined" ? undefined : navigator.locks;
  if (locks === undefined) return Promise.resolve("none");
  return new Promise((resolve, reject) => {
    const run = (lock: object | null): Promise<void> | undefined => {
      if (lock !== null) return new Promise((release) => resolve(release)); // held until `release` is called
      resolve("held");
      return undefined;
    };
    locks.request(name, { ifAvailable: true }, run).catch(reject);
  });
}
