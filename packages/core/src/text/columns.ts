/**
 * Rows as lines of aligned columns with two blanks between them. All lines have the same length.
 *
 * @param rows lists of cells, all of the same length.
 * @param left the positions of the columns to align on the left, such as words. The others are aligned on the right.
 * @example alignColumns([["layer", "size"], ["Dense", "12"]], [0]); // ["layer  size", "Dense    12"]
 */
export function alignColumns(rows: readonly (readonly string[])[], left: readonly number[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column].length))) ?? [];
  const pad = (cell: string, column: number): string =>
    left.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  return rows.map((row) => row.map(pad).join("  "));
}
