import type { Tensor } from "@gradus/core";
import { namedTensors } from "@gradus/nn";

/** A copy of a net's tensors, parameters and buffers, in arrays that are allocated once. @internal */
export class Snapshot {
  readonly #tensors: readonly Tensor[];
  readonly #copies: readonly Float64Array[];

  /** Copies the tensors of `net` that `which` admits; all by default. */
  constructor(net: object, which: (x: Tensor) => boolean = () => true) {
    this.#tensors = namedTensors(net)
      .map(([, x]) => x)
      .filter(which);
    this.#copies = this.#tensors.map((x) => x.data.slice());
  }

  /** Copies them anew. */
  take(): void {
    this.#tensors.forEach((x, i) => {
      this.#copies[i].set(x.data);
    });
  }

  /** Writes the copies back, bit for bit. */
  restore(): void {
    this.#tensors.forEach((x, i) => {
      x.assign(this.#copies[i]);
    });
  }
}
