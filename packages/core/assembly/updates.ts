// Repeats the loops of packages/optim/src: the updates of sgd.ts, rmsprop.ts and adam.ts, writeClipped of clip.ts and
// shrink of optimizer.ts. Each is written for two elements side by side, then compiled once more for the last one of
// an odd number (`single`). Where an instruction says nothing else, x is at word 1, n at 3, g at 4, the slots at 7, 10
// and 13, and the address of the numbers of this step at 14.

import { DOUBLES_AT } from "../src/kernels/wasm/opcodes";
import { add, atLeast, atMost, div, mul, sub } from "./math/lanes";
import { loadPair, shareStart, storePair } from "./share";

/** Fewer elements than this are not worth sharing. */
const SMALL = 4096;

/** x ← x − lr·g. */
export function sgd(instruction: usize, thread: i32, threads: i32): void {
  sgdLoop(instruction, thread, threads, false);
  sgdLoop(instruction, thread, threads, true);
}

@inline
function sgdLoop(instruction: usize, thread: i32, threads: i32, single: bool): void {
  const x = load<usize>(instruction, 4);
  const g = load<usize>(instruction, 16);
  const learningRate = number(instruction, 0);
  const end = endOf(instruction, thread, threads, single);
  for (let i = startOf(instruction, thread, threads, single); i < end; i += 16) {
    const step = mul(learningRate, loadPair(g + i, single));
    storePair(x + i, sub(loadPair(x + i, single), step), single);
  }
}

/** b ← mu·b + kept·step, x ← x − b or, looking ahead, x − (step + mu·b), with the learning rate in or outside b. */
export function sgdMomentum(instruction: usize, thread: i32, threads: i32): void {
  sgdMomentumLoop(instruction, thread, threads, false);
  sgdMomentumLoop(instruction, thread, threads, true);
}

@inline
function sgdMomentumLoop(instruction: usize, thread: i32, threads: i32, single: bool): void {
  const x = load<usize>(instruction, 4);
  const g = load<usize>(instruction, 16);
  const b = load<usize>(instruction, 28);
  const learningRate = number(instruction, 0);
  const kept = number(instruction, 1);
  const mu = constant(instruction, 0);
  const nesterov = flag(instruction, 1);
  const learningRateInMomentum = flag(instruction, 2);
  const inside = learningRateInMomentum ? learningRate : f64x2.splat(1);
  const outside = learningRateInMomentum ? f64x2.splat(1) : learningRate;
  const end = endOf(instruction, thread, threads, single);
  for (let i = startOf(instruction, thread, threads, single); i < end; i += 16) {
    let step = mul(inside, loadPair(g + i, single));
    const bi = add(mul(mu, loadPair(b + i, single)), mul(kept, step));
    storePair(b + i, bi, single);
    step = nesterov ? add(step, mul(mu, bi)) : bi;
    storePair(x + i, sub(loadPair(x + i, single), mul(outside, step)), single);
  }
}

/** v ← rho·v + (1 − rho)·g², x ← x − lr·g / (√(v + under) + beside). */
export function rmsprop(instruction: usize, thread: i32, threads: i32): void {
  rmspropLoop(instruction, thread, threads, false);
  rmspropLoop(instruction, thread, threads, true);
}

@inline
function rmspropLoop(instruction: usize, thread: i32, threads: i32, single: bool): void {
  const x = load<usize>(instruction, 4);
  const g = load<usize>(instruction, 16);
  const v = load<usize>(instruction, 28);
  const learningRate = number(instruction, 0);
  const rho = constant(instruction, 0);
  const rest = sub(f64x2.splat(1), rho);
  const under = constant(instruction, 1);
  const beside = constant(instruction, 2);
  const end = endOf(instruction, thread, threads, single);
  for (let i = startOf(instruction, thread, threads, single); i < end; i += 16) {
    const gi = loadPair(g + i, single);
    const vi = average(rho, loadPair(v + i, single), mul(mul(rest, gi), gi));
    storePair(v + i, vi, single);
    const root = add(f64x2.sqrt(add(vi, under)), beside);
    const step = div(mul(learningRate, gi), root);
    storePair(x + i, sub(loadPair(x + i, single), step), single);
  }
}

/** The same centered with a ← rho·a + (1 − rho)·g, if there is an a, and with momentum, if there is a b. */
export function rmspropMomentum(instruction: usize, thread: i32, threads: i32): void {
  rmspropMomentumLoop(instruction, thread, threads, false);
  rmspropMomentumLoop(instruction, thread, threads, true);
}

@inline
function rmspropMomentumLoop(instruction: usize, thread: i32, threads: i32, single: bool): void {
  const x = load<usize>(instruction, 4);
  const g = load<usize>(instruction, 16);
  const v = load<usize>(instruction, 28);
  const a = load<usize>(instruction, 40);
  const b = load<usize>(instruction, 52);
  const learningRate = number(instruction, 0);
  const rho = constant(instruction, 0);
  const rest = sub(f64x2.splat(1), rho);
  const under = constant(instruction, 1);
  const beside = constant(instruction, 2);
  const mu = constant(instruction, 3);
  const learningRateInMomentum = flag(instruction, 4);
  const inside = learningRateInMomentum ? learningRate : f64x2.splat(1);
  const outside = learningRateInMomentum ? f64x2.splat(1) : learningRate;
  const end = endOf(instruction, thread, threads, single);
  for (let i = startOf(instruction, thread, threads, single); i < end; i += 16) {
    const gi = loadPair(g + i, single);
    let variance = average(rho, loadPair(v + i, single), mul(mul(rest, gi), gi));
    storePair(v + i, variance, single);
    if (a !== 0) {
      const mean = average(rho, loadPair(a + i, single), mul(rest, gi));
      storePair(a + i, mean, single);
      variance = atLeast(sub(variance, mul(mean, mean)), f64x2.splat(0));
    }
    const root = add(f64x2.sqrt(add(variance, under)), beside);
    let step = div(mul(inside, gi), root);
    if (b !== 0) {
      step = add(step, mul(mu, loadPair(b + i, single)));
      storePair(b + i, step, single);
    }
    storePair(x + i, sub(loadPair(x + i, single), mul(outside, step)), single);
  }
}

/** m ← beta1·m + (1 − beta1)·g, v ← beta2·v + (1 − beta2)·g², x ← x − lr·m / (√v + epsilon). */
export function adam(instruction: usize, thread: i32, threads: i32): void {
  adamLoop(instruction, thread, threads, false, false);
  adamLoop(instruction, thread, threads, true, false);
}

/** The same with the largest v so far under the root. */
export function amsgrad(instruction: usize, thread: i32, threads: i32): void {
  adamLoop(instruction, thread, threads, false, true);
  adamLoop(instruction, thread, threads, true, true);
}

@inline
function adamLoop(instruction: usize, thread: i32, threads: i32, single: bool, amsgrad: bool): void {
  const x = load<usize>(instruction, 4);
  const g = load<usize>(instruction, 16);
  const m = load<usize>(instruction, 28);
  const v = load<usize>(instruction, 40);
  const largest = load<usize>(instruction, 52);
  const learningRate = number(instruction, 0);
  const epsilon = number(instruction, 1);
  const beta1 = constant(instruction, 0);
  const beta2 = constant(instruction, 1);
  const rest1 = sub(f64x2.splat(1), beta1);
  const rest2 = sub(f64x2.splat(1), beta2);
  const end = endOf(instruction, thread, threads, single);
  for (let i = startOf(instruction, thread, threads, single); i < end; i += 16) {
    const gi = loadPair(g + i, single);
    const mi = average(beta1, loadPair(m + i, single), mul(rest1, gi));
    let vi = average(beta2, loadPair(v + i, single), mul(mul(rest2, gi), gi));
    storePair(m + i, mi, single);
    storePair(v + i, vi, single);
    if (amsgrad) {
      vi = f64x2.max(loadPair(largest + i, single), vi);
      storePair(largest + i, vi, single);
    }
    const step = div(mul(learningRate, mi), add(f64x2.sqrt(vi), epsilon));
    storePair(x + i, sub(loadPair(x + i, single), step), single);
  }
}

/** out = g·factor, cut to [−limit, limit], + decay·x if there is decay: out is at word 1 and x at 7. */
export function prepareGradient(instruction: usize, thread: i32, threads: i32): void {
  const decays = load<f64>(instruction, 72) != 0;
  prepareGradientLoop(instruction, thread, threads, false, decays);
  prepareGradientLoop(instruction, thread, threads, true, decays);
}

@inline
function prepareGradientLoop(
  instruction: usize,
  thread: i32,
  threads: i32,
  single: bool,
  decays: bool,
): void {
  const out = load<usize>(instruction, 4);
  const g = load<usize>(instruction, 16);
  const x = load<usize>(instruction, 28);
  const factor = number(instruction, 0);
  const limit = constant(instruction, 0);
  const low = f64x2.neg(limit);
  const decay = constant(instruction, 1);
  const end = endOf(instruction, thread, threads, single);
  for (let i = startOf(instruction, thread, threads, single); i < end; i += 16) {
    const scaled = mul(loadPair(g + i, single), factor);
    const cut = atMost(atLeast(scaled, low), limit);
    storePair(out + i, decays ? add(cut, mul(decay, loadPair(x + i, single))) : cut, single);
  }
}

/** x ← x − lr·weightDecay·x. */
export function shrink(instruction: usize, thread: i32, threads: i32): void {
  shrinkLoop(instruction, thread, threads, false);
  shrinkLoop(instruction, thread, threads, true);
}

@inline
function shrinkLoop(instruction: usize, thread: i32, threads: i32, single: bool): void {
  const x = load<usize>(instruction, 4);
  const part = mul(number(instruction, 0), constant(instruction, 0));
  const end = endOf(instruction, thread, threads, single);
  for (let i = startOf(instruction, thread, threads, single); i < end; i += 16) {
    const xi = loadPair(x + i, single);
    storePair(x + i, sub(xi, mul(part, xi)), single);
  }
}

/** decay·mean + rest, rest being what is new times 1 − decay. */
@inline
function average(decay: v128, mean: v128, rest: v128): v128 {
  return add(mul(decay, mean), rest);
}

/** Where the pairs of a share begin, in bytes from the first element, or its single element after them. */
function startOf(instruction: usize, thread: i32, threads: i32, single: bool): usize {
  if (single) return endOf(instruction, thread, threads, false);
  const n = load<i32>(instruction, 12);
  return <usize>shareStart(n, thread, n < SMALL ? 1 : threads) << 3;
}

/** Where the pairs of a share end, in bytes from the first element, or its single element after them. */
function endOf(instruction: usize, thread: i32, threads: i32, single: bool): usize {
  const end = startOf(instruction, thread + 1, threads, false);
  return single ? end : end - ((end - startOf(instruction, thread, threads, false)) & 8);
}

/** A number of this step in both lanes. */
@inline
function number(instruction: usize, index: i32): v128 {
  return v128.load64_splat(load<usize>(instruction, 56) + (index << 3));
}

/** A double of the instruction in both lanes. */
@inline
function constant(instruction: usize, index: i32): v128 {
  return v128.load64_splat(instruction + DOUBLES_AT + (index << 3));
}

@inline
function flag(instruction: usize, index: i32): bool {
  return load<f64>(instruction + DOUBLES_AT + (index << 3)) !== 0;
}
