/** A number in at most eight characters: `0.944`, `-12.300`, `1.2e-38`. @internal */
export function format(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0.000";
  if (!(size < Number.POSITIVE_INFINITY)) return String(value).replace("Infinity", "∞");
  return size >= 0.001 && size < 1000 ? value.toFixed(3) : value.toExponential(1);
}

/** {@link format} for a number in a column with numbers of the order of `scale`: 1e-17 with scale 1 is `0.000`. @internal */
export function formatBeside(value: number, scale: number): string {
  const negligible = Math.abs(value) < 0.0005 && scale >= 0.01;
  return negligible ? "0.000" : format(value);
}

/** `-0.12..0.12`, with enough decimals to make the two differ. @internal */
export function formatRange([low, high]: readonly [low: number, high: number]): string {
  const span = high - low;
  const plain = span >= 0.001 && Math.max(-low, high) < 1000;
  if (!plain) return `${format(low)}..${format(high)}`;
  const decimals = span >= 0.1 ? 2 : span >= 0.01 ? 3 : 4;
  return `${low.toFixed(decimals)}..${high.toFixed(decimals)}`;
}
