// out[i] = condition[i] ≠ 0 ? x[i] : y[i], as the forward in packages/core/src/ops/where.ts.

import * as op from "./instructions.generated";
import { both, pick } from "./math/lanes";
import { columns, endRow, nextRow, operandAt, outAt, pairsOf, row, takeShare } from "./rows";

export function where(instruction: usize, thread: i32, threads: i32): void {
  for (takeShare(instruction, thread, threads); row < endRow; nextRow()) {
    const stepCondition = load<usize>(instruction + op.TERNARY_CONDITION, op.OPERAND_COLUMN) << 1;
    const stepX = load<usize>(instruction + op.TERNARY_X, op.OPERAND_COLUMN) << 1;
    const stepY = load<usize>(instruction + op.TERNARY_Y, op.OPERAND_COLUMN) << 1;
    let out = outAt(instruction);
    let condition = pairsOf(operandAt(instruction + op.TERNARY_CONDITION), stepCondition, 0);
    let x = pairsOf(operandAt(instruction + op.TERNARY_X), stepX, 1);
    let y = pairsOf(operandAt(instruction + op.TERNARY_Y), stepY, 2);
    for (const end = out + ((<usize>(columns & ~1)) << 3); out < end; out += 16) {
      v128.store(out, pick(f64x2.ne(v128.load(condition), both(0)), v128.load(x), v128.load(y)));
      condition += stepCondition;
      x += stepX;
      y += stepY;
    }
    if (columns & 1) store<f64>(out, load<f64>(condition) != 0 ? load<f64>(x) : load<f64>(y));
  }
}
