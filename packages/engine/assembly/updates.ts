// Repeats the loops of packages/optim/src: the rules of sgd.ts, rmsprop.ts and adam.ts, prepareGradient and shrink of
// updates.ts, for two elements side by side. Where an instruction says nothing else, x is at word 1, n at 3,
// g at 4, the slots at 7, 10 and 13 (0 for none), and the address of the numbers of this step at 14. findNonFinite, of
// on-nan.ts in packages/train/src, has no x, and what it finds at 14.

import * as op from "../src/wasm/opcodes";
import { add, atLeast, atMost, both, div, mul, pick, sub } from "./math/lanes";
import { smallRoom } from "./scratch";
import { shareStart } from "./share";

/** Fewer elements than this are not worth sharing. */
const SMALL = 4096;
/** The bytes of an instruction from one pointer of an operand to the next, from the first at word 1 to the last at 13. */
const OPERAND: usize = 12;
const FIRST_OPERAND: usize = 4;
const LAST_OPERAND: usize = 52;

/** All updates: a share of their elements, an odd one at its end alone. */
export function update(instruction: usize, thread: i32, threads: i32): void {
  const n = load<i32>(instruction, 12);
  const workers = n < SMALL ? 1 : threads;
  const start = <usize>shareStart(n, thread, workers) << 3;
  const end = <usize>shareStart(n, thread + 1, workers) << 3;
  const odd = (end - start) & 8;
  updatePairs(instruction, start, end - odd);
  if (odd) updateOne(instruction, end - odd);
}

/** The element at byte `i`: copied twice to a pair for each operand, for the same instruction with other pointers. */
function updateOne(instruction: usize, i: usize): void {
  const copy = smallRoom();
  const room = copy + op.INSTRUCTION_BYTES - FIRST_OPERAND;
  memory.copy(copy, instruction, op.INSTRUCTION_BYTES);
  for (let operand = FIRST_OPERAND; operand <= LAST_OPERAND; operand += OPERAND) {
    const from = load<usize>(instruction + operand);
    if (from === 0) continue;
    const pair = room + (operand << 1);
    v128.store(pair, v128.load64_splat(from + i));
    store<usize>(copy + operand, pair);
  }
  updatePairs(copy, 0, 16);
  // The result last, for it may also be an operand.
  for (let operand = LAST_OPERAND + OPERAND; operand > FIRST_OPERAND; ) {
    operand -= OPERAND;
    const to = load<usize>(instruction + operand);
    if (to !== 0) store<f64>(to + i, load<f64>(room + (operand << 1)));
  }
}

/** The elements from byte `i` to byte `end` of the operands, an even number. */
function updatePairs(instruction: usize, i: usize, end: usize): void {
  switch (load<i32>(instruction)) {
    case op.SGD: return sgd(x(instruction), g(instruction), number(instruction, 0), i, end);
    case op.SGD_MOMENTUM: return sgdMomentum(instruction, i, end);
    case op.RMSPROP:
    case op.RMSPROP_MOMENTUM: return rmsprop(instruction, i, end);
    case op.ADAM:
    case op.AMSGRAD: return adam(instruction, i, end);
    case op.PREPARE_GRADIENT: return prepareGradient(instruction, i, end);
    // x ← x − lr·weightDecay·x.
    case op.SHRINK: return sgd(x(instruction), x(instruction), mul(number(instruction, 0), constant(instruction, 0)), i, end);
    case op.FIND_NON_FINITE: return findNonFinite(g(instruction), load<usize>(instruction, 56), i, end);
    default: unreachable();
  }
}

/**
 * Writes NaN to `found` if one of the elements is NaN or infinite: of all numbers only those times 0 are not 0. Two sums,
 * because each addition waits for the one before.
 */
function findNonFinite(g: usize, found: usize, i: usize, end: usize): void {
  const zero = both(0);
  let sum = zero;
  let other = zero;
  for (; i + 16 < end; i += 32) {
    sum = add(sum, mul(zero, v128.load(g + i)));
    other = add(other, mul(zero, v128.load(g + i, 16)));
  }
  if (i < end) sum = add(sum, mul(zero, v128.load(g + i)));
  if (v128.any_true(f64x2.ne(add(sum, other), zero))) store<f64>(found, NaN);
}

/** x ← x − lr·g. */
function sgd(x: usize, g: usize, learningRate: v128, i: usize, end: usize): void {
  for (; i < end; i += 16) v128.store(x + i, sub(v128.load(x + i), mul(learningRate, v128.load(g + i))));
}

/** b ← mu·b + kept·step, x ← x − b or, looking ahead, x − (step + mu·b), with the learning rate in or outside b. */
function sgdMomentum(instruction: usize, i: usize, end: usize): void {
  const to = x(instruction);
  const gradient = g(instruction);
  const b = load<usize>(instruction, 28);
  const kept = number(instruction, 1);
  const mu = constant(instruction, 0);
  const nesterov = f64x2.ne(constant(instruction, 1), both(0));
  const inside = oneOrRate(instruction, flag(instruction, 2));
  const outside = oneOrRate(instruction, !flag(instruction, 2));
  for (; i < end; i += 16) {
    let step = mul(inside, v128.load(gradient + i));
    const bi = add(mul(mu, v128.load(b + i)), mul(kept, step));
    v128.store(b + i, bi);
    step = pick(nesterov, add(step, mul(mu, bi)), bi);
    v128.store(to + i, sub(v128.load(to + i), mul(outside, step)));
  }
}

/**
 * v ← rho·v + (1 − rho)·g², x ← x − lr·g / (√(v + under) + beside); centered with a ← rho·a + (1 − rho)·g, if there is
 * an a, and with momentum, if there is a b.
 */
function rmsprop(instruction: usize, i: usize, end: usize): void {
  const plain = load<i32>(instruction) === op.RMSPROP;
  const to = x(instruction);
  const gradient = g(instruction);
  const v = load<usize>(instruction, 28);
  const a = load<usize>(instruction, 40);
  const b = load<usize>(instruction, 52);
  const rho = constant(instruction, 0);
  const rest = sub(both(1), rho);
  const under = constant(instruction, 1);
  const beside = constant(instruction, 2);
  const mu = constant(instruction, 3);
  const learningRateInMomentum = plain || flag(instruction, 4);
  const inside = oneOrRate(instruction, learningRateInMomentum);
  const outside = oneOrRate(instruction, !learningRateInMomentum);
  for (; i < end; i += 16) {
    const gi = v128.load(gradient + i);
    let variance = average(rho, v128.load(v + i), mul(mul(rest, gi), gi));
    v128.store(v + i, variance);
    if (a !== 0) {
      const mean = average(rho, v128.load(a + i), mul(rest, gi));
      v128.store(a + i, mean);
      variance = atLeast(sub(variance, mul(mean, mean)), both(0));
    }
    const root = add(f64x2.sqrt(add(variance, under)), beside);
    let step = div(mul(inside, gi), root);
    if (b !== 0) {
      step = add(step, mul(mu, v128.load(b + i)));
      v128.store(b + i, step);
    }
    v128.store(to + i, sub(v128.load(to + i), mul(outside, step)));
  }
}

/**
 * m ← beta1·m + (1 − beta1)·g, v ← beta2·v + (1 − beta2)·g², x ← x − lr·m / (√v + epsilon); AMSGrad has the largest v so
 * far under the root.
 */
function adam(instruction: usize, i: usize, end: usize): void {
  const to = x(instruction);
  const gradient = g(instruction);
  const m = load<usize>(instruction, 28);
  const v = load<usize>(instruction, 40);
  const largest = load<usize>(instruction, 52);
  const learningRate = number(instruction, 0);
  const epsilon = number(instruction, 1);
  const beta1 = constant(instruction, 0);
  const beta2 = constant(instruction, 1);
  const rest1 = sub(both(1), beta1);
  const rest2 = sub(both(1), beta2);
  for (; i < end; i += 16) {
    const gi = v128.load(gradient + i);
    const mi = average(beta1, v128.load(m + i), mul(rest1, gi));
    let vi = average(beta2, v128.load(v + i), mul(mul(rest2, gi), gi));
    v128.store(m + i, mi);
    v128.store(v + i, vi);
    if (largest !== 0) {
      vi = f64x2.max(v128.load(largest + i), vi);
      v128.store(largest + i, vi);
    }
    const step = div(mul(learningRate, mi), add(f64x2.sqrt(vi), epsilon));
    v128.store(to + i, sub(v128.load(to + i), step));
  }
}

/** out = g·factor, cut to [−limit, limit], + decay·x if there is decay: out is at word 1 and x at 7. */
function prepareGradient(instruction: usize, i: usize, end: usize): void {
  const out = x(instruction);
  const gradient = g(instruction);
  const from = load<usize>(instruction, 28);
  const factor = number(instruction, 0);
  const limit = constant(instruction, 0);
  const low = f64x2.neg(limit);
  const decay = constant(instruction, 1);
  const decays = flag(instruction, 1);
  for (; i < end; i += 16) {
    const cut = atMost(atLeast(mul(v128.load(gradient + i), factor), low), limit);
    v128.store(out + i, decays ? add(cut, mul(decay, v128.load(from + i))) : cut);
  }
}

/** decay·mean + rest, rest being what is new times 1 − decay. */
@inline
function average(decay: v128, mean: v128, rest: v128): v128 {
  return add(mul(decay, mean), rest);
}

@inline
function x(instruction: usize): usize {
  return load<usize>(instruction, 4);
}

@inline
function g(instruction: usize): usize {
  return load<usize>(instruction, 16);
}

/** The learning rate, or 1, by which nothing changes. */
@inline
function oneOrRate(instruction: usize, rate: bool): v128 {
  return rate ? number(instruction, 0) : both(1);
}

/** A number of this step in both lanes. */
@inline
function number(instruction: usize, index: i32): v128 {
  return v128.load64_splat(load<usize>(instruction, 56) + (index << 3));
}

/** A double of the instruction in both lanes. */
@inline
function constant(instruction: usize, index: i32): v128 {
  return v128.load64_splat(instruction + op.DOUBLES_AT + (index << 3));
}

@inline
function flag(instruction: usize, index: i32): bool {
  return load<f64>(instruction + op.DOUBLES_AT + (index << 3)) !== 0;
}
