import { alignColumns } from "@gradus/core/text";

/** A heading and rows with the same number of cells. The first column is text, the others are numbers. */
export type Table = readonly (readonly string[])[];

/** For a terminal: columns aligned, the first to the left, the others to the right. */
export function asText(table: Table): string {
  return alignColumns(table, [0])
    .map((line) => line.trimEnd())
    .join("\n");
}

export function asMarkdown([heading, ...rows]: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.trim()).join(" | ")} |`;
  const rule = heading.map((_, column) => (column === 0 ? "---" : "---:"));
  return [heading, rule, ...rows].map(line).join("\n");
}

/** A number with few digits. */
export function short(value: number, digits = 5): string {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "∞");
  return String(Number(value.toPrecision(digits)));
}

export function percent(share: number, decimals = 1): string {
  return `${(100 * share).toFixed(decimals)} %`;
}
