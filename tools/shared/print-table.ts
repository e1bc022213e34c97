import { alignColumns } from "@gradus/core/text";

/** Prints rows of cells as aligned columns, indented. @param left the positions of columns of words. */
export function printTable(rows: readonly (readonly string[])[], left: readonly number[] = [0]): void {
  for (const line of alignColumns(rows, left)) console.log(`  ${line}`.trimEnd());
}
