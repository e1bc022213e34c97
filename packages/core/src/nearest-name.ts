/** Names of one thing in different frameworks that do not look alike, in lower case. */
const SYNONYMS: readonly string[] = [
  "slope alpha negativeslope",
  "axis axes dim dims",
  "std sigma scale",
  "delimiter separator sep",
  "rng shuffle seed generator",
  "p rate probability",
  "factor gamma",
  "epochs iterations",
];

/**
 * The known name that was probably meant by an unknown one, undefined if none is near. In this order: the same but for
 * case, `_` and `-`; what another framework calls it (`dim` for `axis`); initials (`lr` for `learningRate`) or a name
 * that contains the other (`eps` for `epsilon`, `maxEpochs` for `epochs`); the fewest typing errors, at most one for
 * every three letters.
 *
 * @example
 * nearestName("learnignRate", ["learningRate", "momentum"]); // "learningRate"
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const given = plain(name);
  const synonyms = SYNONYMS.map((words) => words.split(" ")).filter((words) => words.includes(given));
  const errors = known.map((candidate) => typingErrors(given, plain(candidate)));
  const fewest = errors.indexOf(Math.min(...errors));
  return (
    known.find((candidate) => plain(candidate) === given) ??
    known.find((candidate) => synonyms.some((words) => words.includes(plain(candidate)))) ??
    known.find((candidate) => initials(candidate) === given) ??
    known.find((candidate) => contains(plain(candidate), given) || contains(given, plain(candidate))) ??
    (3 * errors[fewest] <= given.length ? known[fewest] : undefined)
  );
}

/** `weight_decay` and `weightDecay` alike. */
function plain(name: string): string {
  return name.replace(/[_-]/g, "").toLowerCase();
}

/** `lr` of `learningRate`. */
function initials(name: string): string {
  return plain(name.slice(0, 1) + name.slice(1).replace(/[a-z]/g, ""));
}

/** Two letters are enough at the beginning, elsewhere it takes four. */
function contains(long: string, short: string): boolean {
  return (short.length > 1 && long.startsWith(short)) || (short.length > 3 && long.includes(short));
}

/**
 * How many letters must be added, left out, changed or swapped with their neighbour to make b of a (the optimal string
 * alignment distance). counts[i][j] is that of the first i letters of a and the first j of b.
 */
function typingErrors(a: string, b: string): number {
  const counts = Array.from({ length: a.length + 1 }, (_, i) =>
    Array.from({ length: b.length + 1 }, (_, j) => i + j),
  );
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
