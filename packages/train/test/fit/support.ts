import type { Layer } from "@gradus/nn";

/** The inputs of every batch in training mode, and the numbers that layers draw. */
export function spy(net: Layer): {
  net: Layer & { inner: Layer };
  batches: number[][];
  drawn: number[];
  modes: string[];
} {
  const [seen, drawn, modes] = [[] as number[][], [] as number[], [] as string[]];
  const forward: Layer["forward"] = (x, mode) => {
    modes.push(mode?.train ? "train" : "evaluate");
    if (mode?.train) {
      seen.push([...x.data]);
      drawn.push(mode.rng.next());
    }
    return net.forward(x, mode);
  };
  return { net: { inner: net, forward }, batches: seen, drawn, modes };
}
