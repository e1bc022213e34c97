import { plain, SYNONYMS } from "./foreign-words.ts";

/** Names that differ by more letters than this are never suggested. */
const MOST_ERRORS = 3;

/**
 * The known name nearest to an unknown one; undefined if none is near. In this order: the same name in another case or
 * with `_` or `-`; a synonym of another framework (`dim` for `axis`); a name that contains the other (`eps` for `epsilon`,
 * `maxEpochs` for `epochs`); the name with the fewest typing errors, at most one for every three letters and three in all.
 *
 * @example nearestName("learnignRate", ["learningRate", "momentum"]); // "learningRate"
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const given = plain(name);
  const first = (fits: (other: string) => boolean): string | undefined =>
    known.find((candidate) => fits(plain(candidate)));
  let found = sameName(name, known) ?? first((other) => contains(other, given) || contains(given, other));
  for (let errors = 1; errors <= MOST_ERRORS && 3 * errors <= given.length; errors++) {
    found ??= first((other) => isNear(given, other, errors));
  }
  return found;
}

/** The known name that is the given one in another case or with `_` or `-`, or else a synonym of it. */
export function sameName(name: string, known: readonly string[]): string | undefined {
  const given = plain(name);
  const synonyms = SYNONYMS.filter((names) => names.includes(given)).flat();
  return (
    known.find((candidate) => plain(candidate) === given) ??
    known.find((candidate) => synonyms.includes(plain(candidate)))
  );
}

/** Whether `long` starts with `short` (two letters or more) or contains it (four or more). */
function contains(long: string, short: string): boolean {
  return (short.length > 1 && long.startsWith(short)) || (short.length > 3 && long.includes(short));
}

/** Whether b is a with at most `errors` letters added, left out, changed, or swapped with the next one. */
function isNear(a: string, b: string, errors: number): boolean {
  if (a === b || errors === 0) return a === b;
  if (a !== "" && a[0] === b[0]) return isNear(a.slice(1), b.slice(1), errors);
  const swapped = a.length > 1 && a[0] === b[1] && a[1] === b[0];
  return (
    isNear(a, b.slice(1), errors - 1) ||
    isNear(a.slice(1), b, errors - 1) ||
    isNear(a.slice(1), b.slice(1), errors - 1) ||
    (swapped && isNear(a.slice(2), b.slice(2), errors - 1))
  );
}
