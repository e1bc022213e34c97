import { ArgumentError, formatShape, nearestName, type Shape, ShapeError, show } from "@gradus/core";

/** A named value of a row and the numbers that it becomes in a sample. */
export type InputColumn =
  /** One number. `missing` takes the place of null, undefined and NaN; without it those are errors. */
  | { readonly name: string; readonly missing?: number }
  /** One number for each class: 1 for the class of the row, 0 for the others (one-hot). */
  | { readonly name: string; readonly classes: readonly string[] };

/** A row with named values: numbers (true and false count as 1 and 0) and texts for classes. */
export type Row = Readonly<Record<string, unknown>>;

/** The classes of a column, if it has some. @internal */
export function classesOf(column: InputColumn): readonly string[] | undefined {
  return "classes" in column ? column.classes : undefined;
}

/** Numbers per sample that these columns make. @internal */
export function widthOf(columns: readonly InputColumn[]): number {
  return columns.reduce((sum, column) => sum + (classesOf(column)?.length ?? 1), 0);
}

/** Throws unless the columns are sound and make samples of the given shape. @internal */
export function checkColumns(columns: readonly InputColumn[], shape: Shape, who: string): void {
  if (!Array.isArray(columns)) {
    throw new ArgumentError(`${who}: columns must be a list like [{ name: "age" }], got ${show(columns)}`);
  }
  const names = new Set<string>();
  for (const [i, column] of columns.entries()) {
    const { name, classes, missing } = Object(column) as Record<string, unknown>;
    if (typeof name !== "string" || names.has(name)) {
      throw new ArgumentError(`${who}: columns[${i}] needs a name of its own, got ${show(name)}`);
    }
    names.add(name);
    if (classes !== undefined) checkClasses(classes, `${who}: classes of column ${show(name)} must be`);
    if (missing === undefined || (Number.isFinite(missing) && classes === undefined)) continue;
    throw new ArgumentError(
      `${who}: missing of column ${show(name)} must be a finite number, and only without classes, got ${show(missing)}`,
    );
  }
  const width = widthOf(columns);
  if (shape.length === 1 && shape[0] === width) return;
  throw new ShapeError(`${who}: the columns make ${width} numbers, the samples are ${formatShape(shape)}`);
}

/** A copy that later changes of the given lists do not reach. @internal */
export function ownColumns(columns: readonly InputColumn[]): readonly InputColumn[] {
  if (Object.isFrozen(columns)) return columns;
  const own = columns.map((column) => {
    const classes = classesOf(column);
    return Object.freeze({ ...column, ...(classes && { classes: Object.freeze([...classes]) }) });
  });
  return Object.freeze(own);
}

/** Throws unless `classes` is a list of different texts. @internal */
export function checkClasses(classes: unknown, what: string): asserts classes is readonly string[] {
  const sound =
    Array.isArray(classes) &&
    classes.length > 0 &&
    Array.from(classes).every((text) => typeof text === "string") &&
    new Set(classes).size === classes.length;
  if (!sound) throw new ArgumentError(`${what} a list of different texts, got ${show(classes)}`);
}

/** The numbers of one row. `where` begins the messages. @internal */
export function encodeRow(row: Row, columns: readonly InputColumn[], where: string): Float64Array {
  if (typeof row !== "object" || row === null || Array.isArray(row) || ArrayBuffer.isView(row)) {
    throw new ArgumentError(`${where}: needs an object with ${namesOf(columns)}, got ${show(row)}`);
  }
  const out = new Float64Array(widthOf(columns));
  let at = 0;
  for (const column of columns) {
    const { name } = column;
    const value = fieldOf(row, name, where);
    const classes = classesOf(column);
    if (classes === undefined) {
      out[at++] = numberOf(value, (column as { missing?: number }).missing, `${where}: ${name}`);
      continue;
    }
    const index = typeof value === "object" ? -1 : classes.indexOf(String(value).trim());
    if (index < 0) {
      throw new ArgumentError(`${where}: ${name}: ${show(value)} is none of the classes ${show(classes)}`);
    }
    out[at + index] = 1;
    at += classes.length;
  }
  return out;
}

function namesOf(columns: readonly InputColumn[]): string {
  return show(columns.map(({ name }) => name));
}

/** The value of a name that the row must have. @internal */
export function fieldOf(row: Row, name: string, where: string): unknown {
  if (Object.hasOwn(row, name)) return row[name];
  const names = Object.keys(row);
  const near = nearestName(name, names);
  throw new ArgumentError(
    `${where} has no ${show(name)}${near === undefined ? `, only ${show(names)}` : `; is ${show(near)} meant?`}`,
  );
}

/** Whether a value of a row stands for none. @internal */
export function isMissing(value: unknown): boolean {
  return value === undefined || value === null || Number.isNaN(value);
}

function numberOf(value: unknown, missing: number | undefined, where: string): number {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (isMissing(value) && missing !== undefined) return missing;
  const reason = isMissing(value)
    ? "is missing, and this column has no number for missing values"
    : "is not a finite number";
  const hint = typeof value === "string" ? ". Texts become numbers by Number(text), or are classes" : "";
  throw new ArgumentError(`${where}: ${show(value)} ${reason}${hint}`);
}
