/** Something that can say all it remembers, and go on from there: optimizers, `Plateau`, `Rng`, `History`. */
export interface Stateful {
  /** A copy of all that is remembered, as {@link PlainData}. */
  state(): unknown;
  /** Goes on where {@link Stateful.state} was taken. Must throw before it changes anything. */
  restore(state: unknown): void;
}
