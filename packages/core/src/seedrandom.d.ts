/** The generator ARC4 of the package seedrandom without its others: {@link Rng} takes two words of it for its key. */
declare module "seedrandom/seedrandom.js" {
  export default function seedrandom(seed: string): { int32(): number };
}
