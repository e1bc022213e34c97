import type { Engine } from "../kernels/kernels.ts";
import type { Storage } from "../storage.ts";
import { OutOfRoom } from "./out-of-room.ts";

/** Whose memory a storage has a home in. */
const engines = new WeakMap<Storage, Engine>();

/** Gives the room back once nobody can ask for the elements any more. */
const abandoned = new FinalizationRegistry<{ engine: Engine; block: Float64Array }>(({ engine, block }) =>
  engine.release(block),
);

/** The home of a tensor from outside in the engine's memory; it stays there, for all plans to share. */
export function home(storage: Storage, engine: Engine): Float64Array {
  if (storage.home && engines.get(storage) === engine) return storage.home;
  const block = engine.allocate(storage.size);
  if (block === null) throw new OutOfRoom();
  abandoned.unregister(storage);
  abandoned.register(storage, { engine, block }, storage);
  engines.set(storage, engine);
  storage.moveTo(block);
  return block;
}
