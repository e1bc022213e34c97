/** Different names of the same thing, in lower case: what PyTorch, Keras, NumPy or pandas call it. */
const SYNONYMS: readonly (readonly string[])[] = [
  "learningrate lr",
  "weightdecay wd",
  "slope alpha negativeslope",
  "axis axes dim dims",
  "std sigma scale",
  "delimiter separator sep",
  "rng shuffle seed generator",
  "factor gamma",
].map((names) => names.split(" "));

/**
 * The known name that was probably meant by an unknown one, undefined if none is near. The same name in another case, with
 * `_` or `-`, comes first; then what another framework calls it (`dim` for `axis`); then one that contains the other
 * (`eps` for `epsilon`, `maxEpochs` for `epochs`); then the one with the fewest typing errors, at most one for every
 * three letters.
 *
 * @example nearestName("learnignRate", ["learningRate", "momentum"]); // "learningRate"
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const given = plain(name);
  const synonyms = SYNONYMS.filter((names) => names.includes(given)).flat();
  const distances = known.map(plain).map((other) => {
    if (other === given) return 0;
    if (synonyms.includes(other)) return 0.25;
    if (contains(other, given) || contains(given, other)) return 0.5;
    const errors = typingErrors(given, other);
    return 3 * errors <= given.length ? errors : Infinity;
  });
  const least = Math.min(...distances);
  return least < Infinity ? known[distances.indexOf(least)] : undefined;
}

function plain(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}

/** Two letters are enough at the beginning, elsewhere it takes four. */
function contains(long: string, short: string): boolean {
  return (short.length > 1 && long.startsWith(short)) || (short.length > 3 && long.includes(short));
}

/**
 * How many letters must be added, left out, changed or swapped with their neighbour to make b of a (the optimal string
 * alignment distance). counts[i][j] is the number for the first i letters of a and the first j of b.
 */
function typingErrors(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, j) => j);
  const counts = Array.from({ length: a.length + 1 }, (_, i) => row.map((j) => i + j));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const changed = counts[i - 1][j - 1] + Number(a[i - 1] !== b[j - 1]);
      const swaps = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = swaps ? counts[i - 2][j - 2] + 1 : changed;
      counts[i][j] = Math.min(counts[i - 1][j] + 1, counts[i][j - 1] + 1, changed, swapped);
    }
  }
  return counts[a.length][b.length];
}
