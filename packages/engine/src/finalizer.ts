/** The part of a FinalizationRegistry that the engine uses. */
type Finalizer<T> = Pick<FinalizationRegistry<T>, "register" | "unregister">;

/**
 * Calls `clean` some time after a registered object is gone. In a host that has no FinalizationRegistry nothing is called:
 * `release()` of a compiled function is then the only way to give its memory back.
 */
export function finalizer<T>(clean: (held: T) => void): Finalizer<T> {
  if (typeof FinalizationRegistry === "function") return new FinalizationRegistry(clean);
  return { register: () => {}, unregister: () => false } as unknown as Finalizer<T>;
}
