/**
 * Rows as lines of aligned columns, two blanks between them. All lines are equally long, so that a rule fits below.
 *
 * @param rows as many cells in each.
 * @param left the positions of columns that are aligned on the left, as words are. The others are aligned on the right.
 * @example alignColumns([["layer", "size"], ["Dense", "12"]], [0]); // ["layer  size", "Dense    12"]
 */
export function alignColumns(rows: readonly (readonly string[])[], left: readonly number[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
  const pad = (cell: string, column: number): string =>
    left.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return rows.map((row) => row.map(pad).join("  "));
}
