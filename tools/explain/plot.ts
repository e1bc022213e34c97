/** Marks per cell above each other: a half block each. */
const HALVES = 2;
/** Values beyond are outside of the picture. */
const LIMIT = 6;

/**
 * A function as lines of half blocks, with the axes through 0 and the range of its values at the left.
 *
 * @param values at equal distances from `from` to `to`; NaN is left out.
 */
export function plot(values: readonly number[], from: number, to: number, height: number): string[] {
  const inside = values.filter((value) => Math.abs(value) <= LIMIT);
  let [low, high] = [Math.min(0, ...inside), Math.max(0, ...inside)];
  if (low === high) [low, high] = [-1, 1];
  const rows = height * HALVES;
  const rowOf = (value: number): number => Math.round(((high - value) / (high - low)) * (rows - 1));
  const marks = Array.from({ length: rows }, () => new Array<boolean>(values.length).fill(false));
  values.forEach((value, column) => {
    if (!Number.isFinite(value) || value < low || value > high) return;
    const row = rowOf(value);
    marks[row][column] = true;
    // Joined with the point before, unless there is a gap or a jump.
    const before = values[column - 1];
    if (!Number.isFinite(before) || Math.abs(before - value) > (high - low) / 2) return;
    const start = rowOf(Math.min(high, Math.max(low, before)));
    for (let r = Math.min(start, row) + 1; r < Math.max(start, row); r++) marks[r][column] = true;
  });
  const zero = Math.floor(rowOf(0) / HALVES);
  const centre = from <= 0 && to >= 0 ? Math.round((-from / (to - from)) * (values.length - 1)) : -1;
  const labels = new Map([
    [0, high],
    [height - 1, low],
    [zero, 0],
  ]);
  const texts = [...labels.values()].map(label);
  const width = Math.max(...texts.map((text) => text.length));
  return Array.from({ length: height }, (_, row) => {
    const cells = values.map((_, column) => {
      const [upper, lower] = [marks[2 * row][column], marks[2 * row + 1][column]];
      if (upper && lower) return "█";
      if (upper) return "▀";
      if (lower) return "▄";
      if (row === zero) return column === centre ? "┼" : "─";
      return column === centre ? "│" : " ";
    });
    const text = labels.has(row) ? label(labels.get(row) as number) : "";
    return `${text.padStart(width)} ${cells.join("")}`.trimEnd();
  });
}

function label(value: number): string {
  return String(Number(value.toPrecision(3)));
}
