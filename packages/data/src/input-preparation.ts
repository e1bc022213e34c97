import {
  ArgumentError,
  formatShape,
  type NestedNumbers,
  type Shape,
  ShapeError,
  sizeOf,
  Tensor,
  tensor,
  zeros,
} from "@gradus/core";
import { encodeRow, type InputColumn, type Row, widthOf } from "./input-columns.ts";
import { runTransform, type Transform } from "./transforms.ts";

/** Rows as a user gives them: one, or a list. */
export type Rows = Row | readonly Row[] | Tensor | NestedNumbers;

/** The way from rows to one input of a net. @internal */
export class InputPreparation {
  readonly shape: Shape;
  readonly columns: readonly InputColumn[] | undefined;
  readonly transform: Transform | undefined;

  constructor(shape: Shape, columns: readonly InputColumn[] | undefined, transform: Transform | undefined) {
    this.shape = shape;
    this.columns = columns;
    this.transform = transform;
  }

  /** `[n, ...shape]`, transformed. @param who begins the messages. */
  encode(rows: Rows, who: string): Tensor {
    const inputs =
      this.columns === undefined
        ? this.#numbers(rows as NestedNumbers, who)
        : this.#named(rows, this.columns, who);
    for (let i = 0; i < inputs.data.length; i++) {
      if (Number.isFinite(inputs.data[i])) continue;
      throw new ArgumentError(`${who}: ${inputs.data[i]} at ${i} is not a finite number`);
    }
    runTransform(this.transform, inputs.data, sizeOf(this.shape));
    return inputs;
  }

  #named(rows: unknown, columns: readonly InputColumn[], who: string): Tensor {
    const list = Array.isArray(rows) ? (rows as Row[]) : [rows as Row];
    const out = new Float64Array(list.length * widthOf(columns));
    for (const [i, row] of list.entries()) {
      const where = `${who}: ${Array.isArray(rows) ? `row ${i}` : "the row"}`;
      out.set(encodeRow(row, columns, where), i * widthOf(columns));
    }
    return tensorOf(out, [list.length, ...this.shape]);
  }

  #numbers(rows: Tensor | NestedNumbers, who: string): Tensor {
    const shape = formatShape(this.shape);
    const { data, shape: found } = rows instanceof Tensor ? rows : tensor(rows);
    const one = String(found) === String(this.shape);
    if (!one && (found.length === 0 || String(found.slice(1)) !== String(this.shape))) {
      throw new ShapeError(
        `${who}: needs numbers of shape ${shape}, or a list of such rows, got ${formatShape(found)}`,
      );
    }
    return tensorOf(data, one ? [1, ...this.shape] : found);
  }
}

/** A new tensor with a copy of the numbers. @internal */
export function tensorOf(numbers: ArrayLike<number>, shape: Shape): Tensor {
  const out = zeros(shape);
  out.data.set(numbers);
  return out;
}
