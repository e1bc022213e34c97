/** Characters of increasing darkness. */
const SHADES = " .:-=+*#%@";
const SIDE = 28;

/** One image of 28 × 28 bytes as 14 lines of text: a character shows the mean of two pixels, one above the other. */
export function drawDigit(pixels: ArrayLike<number>): string[] {
  return Array.from({ length: SIDE / 2 }, (_, line) =>
    Array.from({ length: SIDE }, (_, column) => {
      const upper = pixels[2 * line * SIDE + column];
      const lower = pixels[(2 * line + 1) * SIDE + column];
      return SHADES[Math.min(SHADES.length - 1, Math.floor(((upper + lower) / 2 / 256) * SHADES.length))];
    }).join(""),
  );
}

/** Blocks of text of equal height, each under its caption, in rows of as many as fit into `width` columns. */
export function sideBySide(
  blocks: readonly { caption: string; lines: readonly string[] }[],
  width: number,
): string {
  const fitting = Math.max(1, Math.floor((width + 2) / (SIDE + 2)));
  const rows: string[] = [];
  for (let i = 0; i < blocks.length; i += fitting) {
    const row = blocks.slice(i, i + fitting);
    const height = row[0].lines.length;
    rows.push(
      row
        .map(({ caption }) => caption.padEnd(SIDE))
        .join("  ")
        .trimEnd(),
    );
    for (let line = 0; line < height; line++) {
      rows.push(
        row
          .map(({ lines }) => lines[line].padEnd(SIDE))
          .join("  ")
          .trimEnd(),
      );
    }
  }
  return rows.join("\n");
}
