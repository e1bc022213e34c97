// out[i] = condition[i] ≠ 0 ? x[i] : y[i], as the forward in packages/core/src/ops/where.ts.

import { both, pick } from "./math/lanes";
import { columns, endRow, nextRow, operandAt, outAt, pair, row, takeShare } from "./rows";

export function where(instruction: usize, thread: i32, threads: i32): void {
  for (takeShare(instruction, thread, threads); row < endRow; nextRow()) {
    let out = outAt(instruction);
    let condition = operandAt(instruction, 16);
    let x = operandAt(instruction, 28);
    let y = operandAt(instruction, 40);
    let stepCondition = load<usize>(instruction, 24);
    let stepX = load<usize>(instruction, 36);
    let stepY = load<usize>(instruction, 48);
    for (let n = columns; n > 0; n -= 2) {
      if (n === 1) stepCondition = stepX = stepY = 0;
      const result = pick(f64x2.ne(pair(condition, stepCondition), both(0)), pair(x, stepX), pair(y, stepY));
      if (n > 1) v128.store(out, result);
      else v128.store64_lane(out, result, 0);
      condition += stepCondition << 1;
      x += stepX << 1;
      y += stepY << 1;
      out += 16;
    }
  }
}
