// Element-wise functions of two tensors: out[i] = f(x[i], y[i]), as `zip` in packages/core/src/ops/loops.ts.

import * as op from "./instructions.generated";
import { add, both, div, mul, sub } from "./math/lanes";
import { columns, endRow, nextRow, operandAt, outAt, pair, pairsOf, row, takeShare } from "./rows";
import { storePair } from "./share";

export function binary(instruction: usize, thread: i32, threads: i32): void {
  for (takeShare(instruction, thread, threads); row < endRow; nextRow()) {
    binaryRow(instruction, outAt(instruction), operandAt(instruction + op.BINARY_X), operandAt(instruction + op.BINARY_Y));
  }
}

/** One row. The commonest functions have a loop of their own. */
function binaryRow(instruction: usize, out: usize, x: usize, y: usize): void {
  const opcode = load<i32>(instruction);
  let stepX = load<usize>(instruction + op.BINARY_X, op.OPERAND_COLUMN);
  let stepY = load<usize>(instruction + op.BINARY_Y, op.OPERAND_COLUMN);
  let n = columns;
  if (opcode <= op.CHAIN && opcode !== op.DIV) {
    const end = out + (<usize>(n & ~1) << 3);
    const pairsX = pairsOf(x, stepX, 0);
    const pairsY = pairsOf(y, stepY, 1);
    if (opcode === op.ADD) allPairs<Add>(out, end, pairsX, stepX << 1, pairsY, stepY << 1);
    else if (opcode === op.SUB) allPairs<Sub>(out, end, pairsX, stepX << 1, pairsY, stepY << 1);
    else if (opcode === op.MUL) allPairs<Mul>(out, end, pairsX, stepX << 1, pairsY, stepY << 1);
    else allPairs<Chain>(out, end, pairsX, stepX << 1, pairsY, stepY << 1);
    x += <usize>(n & ~1) * stepX;
    y += <usize>(n & ~1) * stepY;
    out = end;
    n &= 1;
  }
  // Two elements a turn; a last one alone is computed twice and stored once.
  for (; n > 0; n -= 2) {
    if (n === 1) stepX = stepY = 0;
    storePair(out, apply(opcode, pair(x, stepX), pair(y, stepY)), n === 1);
    x += stepX << 1;
    y += stepY << 1;
    out += 16;
  }
}

function allPairs<F>(out: usize, end: usize, x: usize, stepX: usize, y: usize, stepY: usize): void {
  for (; out < end; out += 16) {
    v128.store(out, changetype<F>(0).of(v128.load(x), v128.load(y)));
    x += stepX;
    y += stepY;
  }
}

// Functions as types: `allPairs` is compiled once for each.
@unmanaged class Add { @inline of(x: v128, y: v128): v128 { return add(x, y); } }
@unmanaged class Sub { @inline of(x: v128, y: v128): v128 { return sub(x, y); } }
@unmanaged class Mul { @inline of(x: v128, y: v128): v128 { return mul(x, y); } }
@unmanaged class Chain { @inline of(x: v128, y: v128): v128 { return chain(x, y); } }

/** x·y, and 0 where x is 0. */
@inline function chain(x: v128, y: v128): v128 {
  return v128.and(mul(x, y), f64x2.ne(x, both(0)));
}

/** f, as the forward of the op in packages/core/src/ops has it. */
@inline
function apply(opcode: i32, x: v128, y: v128): v128 {
  switch (opcode) {
    case op.ADD: return add(x, y);
    case op.SUB: return sub(x, y);
    case op.MUL: return mul(x, y);
    case op.DIV: return div(x, y);
    case op.CHAIN: return chain(x, y);
    case op.MAXIMUM: return f64x2.max(x, y);
    case op.MINIMUM: return f64x2.min(x, y);
    case op.EQUAL: return oneWhere(f64x2.eq(x, y));
    case op.NOT_EQUAL: return oneWhere(f64x2.ne(x, y));
    case op.GREATER: return oneWhere(f64x2.gt(x, y));
    case op.GREATER_EQUAL: return oneWhere(f64x2.ge(x, y));
    case op.LESS: return oneWhere(f64x2.lt(x, y));
    default: return oneWhere(f64x2.le(x, y));
  }
}

/** 1 where the condition's bits are set, else 0. */
@inline function oneWhere(condition: v128): v128 {
  return v128.and(condition, both(1));
}
