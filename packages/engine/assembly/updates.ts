// Repeats the loops of packages/optim/src: the rules of sgd.ts, rmsprop.ts and adam.ts, prepareGradient, shrink and
// findNonFinite of updates.ts, for two elements side by side.

import * as op from "./instructions.generated";
import { add, atLeast, atMost, both, div, mul, pick, sub } from "./math/lanes";
import { smallRoom } from "./scratch";
import { shareStart } from "./share";

/** Fewer elements than this are not worth sharing. */
const SMALL = 4096;

/** All updates: a share of their elements, an odd one at its end alone. */
export function update(instruction: usize, thread: i32, threads: i32): void {
  const n = load<i32>(instruction, op.UPDATE_LENGTH);
  const workers = n < SMALL ? 1 : threads;
  const start = <usize>shareStart(n, thread, workers) << 3;
  const end = <usize>shareStart(n, thread + 1, workers) << 3;
  const odd = (end - start) & 8;
  updatePairs(instruction, start, end - odd);
  if (odd) updateOne(instruction, end - odd);
}

/** The element at byte `i`: copied twice to a pair for each operand, for the same instruction with other addresses. */
function updateOne(instruction: usize, i: usize): void {
  const copy = smallRoom();
  const pairs = copy + op.INSTRUCTION_BYTES;
  memory.copy(copy, instruction, op.INSTRUCTION_BYTES);
  let pair = pairs;
  for (let operand = op.UPDATE_OPERANDS; operand < op.UPDATE_END; operand += op.UPDATE_OPERAND_BYTES, pair += 16) {
    const from = load<usize>(instruction + operand);
    if (from === 0) continue;
    v128.store(pair, v128.load64_splat(from + i));
    store<usize>(copy + operand, pair);
  }
  updatePairs(copy, 0, 16);
  // In order: what is only read comes first, for a result may be in its place.
  pair = pairs;
  for (let operand = op.UPDATE_OPERANDS; operand < op.UPDATE_END; operand += op.UPDATE_OPERAND_BYTES, pair += 16) {
    const to = load<usize>(instruction + operand);
    if (to !== 0) store<f64>(to + i, load<f64>(pair));
  }
}

/** The elements from byte `i` to byte `end` of the operands, an even number. */
function updatePairs(instruction: usize, i: usize, end: usize): void {
  switch (load<i32>(instruction)) {
    case op.SGD: {
      const learningRate = ofStep(instruction, op.SGD_STEP_LEARNING_RATE);
      return sgd(word(instruction, op.SGD_X), word(instruction, op.SGD_G), learningRate, i, end);
    }
    case op.SGD_MOMENTUM: return sgdMomentum(instruction, i, end);
    case op.RMSPROP:
    case op.RMSPROP_MOMENTUM: return rmsprop(instruction, i, end);
    case op.ADAM:
    case op.AMSGRAD: return adam(instruction, i, end);
    case op.PREPARE_GRADIENT: return prepareGradient(instruction, i, end);
    case op.SHRINK: {
      // x ← x − lr·weightDecay·x.
      const x = word(instruction, op.SHRINK_X);
      const part = mul(ofStep(instruction, op.SHRINK_STEP_LEARNING_RATE), number(instruction, op.SHRINK_WEIGHT_DECAY));
      return sgd(x, x, part, i, end);
    }
    case op.FIND_NON_FINITE: return findNonFinite(instruction, i, end);
    default: unreachable();
  }
}

/**
 * Writes 1 to `found` if one of the elements times the scale is NaN or infinite: of all numbers only those times 0 are not
 * 0. Two sums, because each addition waits for the one before.
 */
function findNonFinite(instruction: usize, i: usize, end: usize): void {
  const g = word(instruction, op.FIND_NON_FINITE_G);
  const scale = number(instruction, op.FIND_NON_FINITE_SCALE);
  const zero = both(0);
  let sum = zero;
  let other = zero;
  for (; i + 16 < end; i += 32) {
    sum = add(sum, mul(zero, mul(scale, v128.load(g + i))));
    other = add(other, mul(zero, mul(scale, v128.load(g + i, 16))));
  }
  if (i < end) sum = add(sum, mul(zero, mul(scale, v128.load(g + i))));
  if (v128.any_true(f64x2.ne(add(sum, other), zero))) {
    store<f64>(word(instruction, op.UPDATE_FEW), 1, op.FIND_NON_FINITE_FOUND_FLAG);
  }
}

/** x ← x − lr·g. */
function sgd(x: usize, g: usize, learningRate: v128, i: usize, end: usize): void {
  for (; i < end; i += 16) v128.store(x + i, sub(v128.load(x + i), mul(learningRate, v128.load(g + i))));
}

/** b ← mu·b + kept·step, x ← x − b or, looking ahead, x − (step + mu·b), with the learning rate in or outside b. */
function sgdMomentum(instruction: usize, i: usize, end: usize): void {
  const to = word(instruction, op.SGD_MOMENTUM_X);
  const gradient = word(instruction, op.SGD_MOMENTUM_G);
  const b = word(instruction, op.SGD_MOMENTUM_B);
  const learningRate = ofStep(instruction, op.SGD_MOMENTUM_STEP_LEARNING_RATE);
  const kept = ofStep(instruction, op.SGD_MOMENTUM_STEP_KEPT);
  const mu = number(instruction, op.SGD_MOMENTUM_MOMENTUM);
  const nesterov = f64x2.ne(number(instruction, op.SGD_MOMENTUM_NESTEROV), both(0));
  const learningRateInMomentum = flag(instruction, op.SGD_MOMENTUM_LEARNING_RATE_IN_MOMENTUM);
  // By the other one nothing changes.
  const inside = learningRateInMomentum ? learningRate : both(1);
  const outside = learningRateInMomentum ? both(1) : learningRate;
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
  const to = word(instruction, op.RMSPROP_X);
  const gradient = word(instruction, op.RMSPROP_G);
  const v = word(instruction, op.RMSPROP_V);
  const a = word(instruction, op.RMSPROP_MOMENTUM_A);
  const b = word(instruction, op.RMSPROP_MOMENTUM_B);
  const learningRate = ofStep(instruction, op.RMSPROP_STEP_LEARNING_RATE);
  const rho = number(instruction, op.RMSPROP_RHO);
  const rest = sub(both(1), rho);
  const under = number(instruction, op.RMSPROP_UNDER);
  const beside = number(instruction, op.RMSPROP_BESIDE);
  const mu = number(instruction, op.RMSPROP_MOMENTUM_MOMENTUM);
  const learningRateInMomentum = plain || flag(instruction, op.RMSPROP_MOMENTUM_LEARNING_RATE_IN_MOMENTUM);
  const inside = learningRateInMomentum ? learningRate : both(1);
  const outside = learningRateInMomentum ? both(1) : learningRate;
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
  const to = word(instruction, op.ADAM_X);
  const gradient = word(instruction, op.ADAM_G);
  const m = word(instruction, op.ADAM_M);
  const v = word(instruction, op.ADAM_V);
  const largest = word(instruction, op.AMSGRAD_LARGEST);
  const learningRate = ofStep(instruction, op.ADAM_STEP_LEARNING_RATE);
  const epsilon = ofStep(instruction, op.ADAM_STEP_EPSILON);
  const beta1 = number(instruction, op.ADAM_BETA1);
  const beta2 = number(instruction, op.ADAM_BETA2);
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

/** out = g·factor, cut to [−limit, limit], + decay·x if there is decay. */
function prepareGradient(instruction: usize, i: usize, end: usize): void {
  const out = word(instruction, op.PREPARE_GRADIENT_OUT);
  const gradient = word(instruction, op.PREPARE_GRADIENT_G);
  const from = word(instruction, op.PREPARE_GRADIENT_X);
  const factor = ofStep(instruction, op.PREPARE_GRADIENT_STEP_FACTOR);
  const limit = number(instruction, op.PREPARE_GRADIENT_LIMIT);
  const low = f64x2.neg(limit);
  const decay = number(instruction, op.PREPARE_GRADIENT_DECAY);
  const decays = flag(instruction, op.PREPARE_GRADIENT_DECAY);
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

/** The address at this place of the instruction. */
@inline
function word(instruction: usize, at: usize): usize {
  return load<usize>(instruction + at);
}

/** The number at this place of the instruction, in both lanes. */
@inline
function number(instruction: usize, at: usize): v128 {
  return v128.load64_splat(instruction + at);
}

/** Whether the number at this place of the instruction is not 0. */
@inline
function flag(instruction: usize, at: usize): bool {
  return load<f64>(instruction + at) !== 0;
}

/** The number of this step at this place, in both lanes. */
@inline
function ofStep(instruction: usize, at: usize): v128 {
  return v128.load64_splat(word(instruction, op.UPDATE_FEW) + at);
}
