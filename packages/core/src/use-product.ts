import { ArgumentError } from "./errors.ts";
import { activeProduct, type MatrixProduct } from "./product.ts";
import { show } from "./shape.ts";

/**
 * Lets all ops use another matrix product from now on. The numbers stay the same to the last bit; only the time changes.
 *
 * @returns the one that was used before.
 * @example useProduct(plainProduct); // three nested loops, for study
 */
export function useProduct(next: MatrixProduct): MatrixProduct {
  if (typeof next !== "function") throw new ArgumentError(`useProduct: needs a function, got ${show(next)}`);
  const before = activeProduct.run;
  activeProduct.run = next;
  return before;
}
