import { Tensor } from "@gradus/core";
import { type NamedTensor, namedTensors } from "@gradus/nn";
import { TensorsState } from "./checkpoint/weights.ts";

/** A copy of a net's tensors, parameters and buffers, in arrays that are allocated once. @internal */
export class Snapshot {
  readonly #tensors: readonly NamedTensor[];
  readonly #copies: readonly NamedTensor[];

  /** Copies the tensors of `net` that `which` admits; all by default. */
  constructor(net: object, which: (x: Tensor) => boolean = () => true) {
    this.#tensors = namedTensors(net).filter(([, x]) => which(x));
    this.#copies = this.#tensors.map(([name, x]) => [name, new Tensor(x.data.slice(), x.shape)]);
  }

  /** Copies them anew. */
  take(): void {
    this.#copies.forEach(([, copy], i) => {
      copy.assign(this.#tensors[i][1]);
    });
  }

  /** Writes the copies back, bit for bit. */
  restore(): void {
    this.#tensors.forEach(([, x], i) => {
      x.assign(this.#copies[i][1]);
    });
  }

  /** The copies as plain data, for checkpoints. */
  get stored(): TensorsState {
    return new TensorsState(this.#copies);
  }
}
