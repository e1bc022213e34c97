/** The value below which a share `p` of the values lies, between neighbours by linear interpolation. */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The range of most of the values. */
export interface Spread {
  readonly p10: number;
  readonly median: number;
  readonly p90: number;
}

export function spread(values: readonly number[]): Spread {
  return { p10: quantile(values, 0.1), median: median(values), p90: quantile(values, 0.9) };
}

/**
 * The ratios of two contestants' times, round by round: a disturbance of some seconds affects both times of a round and
 * cancels in their ratio. Rounds without one of them do not count.
 */
export function pairedRatios(
  times: readonly (number | undefined)[],
  base: readonly (number | undefined)[],
): number[] {
  return times.flatMap((time, round) => {
    const other = base[round];
    return time === undefined || other === undefined ? [] : [time / other];
  });
}
