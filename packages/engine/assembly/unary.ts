// Element-wise functions of one tensor: out[i] = f(x[i]), as `map` in packages/core/src/ops/loops.ts.

import * as op from "./instructions.generated";
import { expm1Row, exponentialRow, expRow } from "./exponential";
import { add, both, div, mul, pick, withSign } from "./math/lanes";
import { log, log1p } from "./math/log";
import { logSigmoid, sigmoid, softplus, tanh } from "./math/logistic";
import { columns, endRow, nextRow, operandAt, outAt, row, takeShare } from "./rows";
import { loadPair, storePair } from "./share";

export function unary(instruction: usize, thread: i32, threads: i32): void {
  const opcode = load<i32>(instruction);
  const step = load<i32>(instruction + op.UNARY_X, op.OPERAND_COLUMN);
  for (takeShare(instruction, thread, threads); row < endRow; nextRow()) {
    const out = outAt(instruction);
    const x = operandAt(instruction + op.UNARY_X);
    // A repeated number is worked out once, then copied.
    const n = step === 0 ? min(1, columns) : columns;
    if (opcode === op.EXP) expRow(out, x, n);
    else if (opcode === op.EXPM1) expm1Row(out, x, n);
    else if (opcode === op.ELU) elu(instruction, out, x, n);
    else if (opcode === op.EXPONENTIAL_SLOPE) exponentialSlope(instruction, out, x, n);
    else if (opcode === op.COPY) copyRow(out, x, step, n);
    else otherRow(instruction, out, x, n);
    for (let i = n; i < columns; i++) store<f64>(out + (<usize>i << 3), load<f64>(out));
  }
}

/** The number at this place of an instruction, in both lanes. */
@inline
function number(instruction: usize, at: usize): v128 {
  return v128.load64_splat(instruction + at);
}

function elu(instruction: usize, out: usize, x: usize, n: i32): void {
  const right = number(instruction, op.ELU_RIGHT);
  exponentialRow(right, number(instruction, op.ELU_LEFT), number(instruction, op.ELU_SCALE), out, x, n, true);
}

function exponentialSlope(instruction: usize, out: usize, x: usize, n: i32): void {
  const right = number(instruction, op.EXPONENTIAL_SLOPE_RIGHT);
  const left = number(instruction, op.EXPONENTIAL_SLOPE_LEFT);
  exponentialRow(right, left, number(instruction, op.EXPONENTIAL_SLOPE_SCALE), out, x, n, false);
}

/** Numbers that may lie apart. */
function copyRow(out: usize, x: usize, step: i32, n: i32): void {
  for (const end = out + (<usize>n << 3); out < end; out += 8) {
    store<f64>(out, load<f64>(x));
    x += <usize>step;
  }
}

/** The functions that have no loop of their own. */
function otherRow(instruction: usize, out: usize, x: usize, n: i32): void {
  const opcode = load<i32>(instruction);
  for (; n > 0; n -= 2) {
    storePair(out, apply(opcode, loadPair(x, n === 1), instruction), n === 1);
    x += 16;
    out += 16;
  }
}

/** f, as the forward of the op in packages/core/src/ops has it. */
@inline
function apply(opcode: i32, x: v128, instruction: usize): v128 {
  switch (opcode) {
    case op.NEG: return f64x2.neg(x);
    case op.ABS: return f64x2.abs(x);
    // ±0 and NaN are their own signs.
    case op.SIGN: return pick(f64x2.gt(f64x2.abs(x), both(0)), withSign(both(1), x), x);
    case op.SQUARE: return mul(x, x);
    case op.SQRT: return f64x2.sqrt(x);
    case op.RSQRT: return div(both(1), f64x2.sqrt(x));
    case op.RECIPROCAL: return div(both(1), x);
    case op.LOG: return log(x);
    case op.LOG1P: return log1p(x);
    case op.TANH: return tanh(x);
    case op.SIGMOID: return sigmoid(x);
    case op.LOG_SIGMOID: return logSigmoid(x);
    case op.SOFTPLUS: return softplus(x);
    case op.SOFTSIGN: {
      const size = f64x2.abs(x);
      return pick(f64x2.eq(size, both(Infinity)), withSign(both(1), x), div(x, add(both(1), size)));
    }
    // Adding 0 makes −0 into 0.
    case op.RELU: return add(f64x2.pmax(x, both(0)), both(0));
    case op.CLAMP: return f64x2.min(f64x2.max(x, number(instruction, op.CLAMP_LOW)), number(instruction, op.CLAMP_HIGH));
    case op.LEAKY_RELU: return pick(f64x2.gt(x, both(0)), x, mul(number(instruction, op.LEAKY_RELU_SLOPE), x));
    // −0 is their limit at −∞, where the product would be ∞·0.
    case op.SILU: return pick(f64x2.eq(x, both(-Infinity)), both(-0.0), mul(x, sigmoid(x)));
    case op.MISH: return pick(f64x2.eq(x, both(-Infinity)), both(-0.0), mul(x, tanh(softplus(x))));
    default: unreachable();
  }
  return x;
}
