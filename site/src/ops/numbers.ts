/** A tensor as plain data, for messages and attributes. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A number as a card shows it: with few digits and a true minus sign. */
export function short(x: number, digits = 5): string {
  if (!Number.isFinite(x)) return String(x).replace("Infinity", "∞").replace("-", "−");
  const rounded = Number(x.toPrecision(digits));
  return (Object.is(rounded, -0) ? "0" : String(rounded)).replaceAll("-", "−");
}

/** `[2, 3]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

/** The labels of the rows of a tensor that is shown as a table: the indices of all axes but the last. */
export function rowLabels({ shape }: Numbers): string[] {
  let labels = [""];
  for (const size of shape.slice(0, -1)) {
    labels = labels.flatMap((label) =>
      Array.from({ length: size }, (_, i) => (label === "" ? String(i) : `${label}, ${i}`)),
    );
  }
  return labels;
}
