/** A number of bytes for people: `640 B`, `12.5 KB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${Math.round(count)} B`;
  const kilobytes = count / 1024;
  return kilobytes < 1024 ? `${kilobytes.toFixed(1)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}
