type Free = () => void;

// Some hosts have no FinalizationRegistry; memory is then given back by `release()` alone.
const gone =
  typeof FinalizationRegistry === "function" ? new FinalizationRegistry<Free>((free) => free()) : undefined;

/**
 * Calls `free` some time after `owner` was collected. `free` must not refer to `owner`, which would then never be.
 *
 * @returns takes it back: `free` is not called, and nothing refers to it any more. A registry keeps what it was given until
 *   the event loop turns, so who frees by itself must take it back, or a loop without `await` fills the memory.
 */
export function whenGone(owner: object, free: Free): () => void {
  gone?.register(owner, free, free);
  return () => void gone?.unregister(free);
}
