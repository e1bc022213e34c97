// Repeats fillUniform of packages/core/src/threefry.ts eight blocks at a time, and what packages/nn/src/ops/random.ts makes of the
// numbers.

import * as op from "./instructions.generated";
import { add, both, entry, less, mul, sub } from "./math/lanes";
import { smallRoom } from "./scratch";
import { shareStart } from "./share";

/** Fewer numbers than this are not worth sharing. */
const SMALL = 1024;

/** 2⁻²⁷ and 2⁻⁵³. */
const TABLE: usize = memory.data<f64>([7.450580596923828e-9, 1.1102230246251565e-16]);

/**
 * BERNOULLI: out = 1 where the next number is less than the probability, else 0.
 * UNIFORM: out = low + (high − low)·u for the next number u.
 */
export function random(instruction: usize, thread: i32, threads: i32): void {
  const out = load<usize>(instruction, op.DRAW_OUT);
  const n = load<i32>(instruction, op.DRAW_LENGTH);
  const workers = n < SMALL ? 1 : threads;
  const end = shareStart(n, thread + 1, workers);
  let start = shareStart(n, thread, workers);
  while (start < end) {
    const position = <i64>load<f64>(instruction, op.DRAW_POSITION) + start;
    // The blocks of one call share the upper word of the counter.
    const count = <i32>min<i64>(end - start, 0x100000000 - (position & 0xffffffff));
    const eights = count & ~7;
    const at = out + (<usize>start << 3);
    threefry(instruction, at, eights, position);
    if (eights < count) {
      threefry(instruction, smallRoom(), 8, position + eights);
      memory.copy(at + (<usize>eights << 3), smallRoom(), (count - eights) << 3);
    }
    start += count;
  }
}

/**
 * `threefry` and `toUnitInterval` for `count` elements, a multiple of 8: x and y are the words of four blocks, x4 and y4
 * those of the next four. Two groups side by side, because each waits for itself most of the time.
 */
// prettier-ignore
function threefry(instruction: usize, out: usize, count: i32, position: i64): void {
  const key0 = load<i32>(instruction, op.DRAW_KEY0);
  const key1 = load<i32>(instruction, op.DRAW_KEY1);
  const bernoulli = load<i32>(instruction) === op.BERNOULLI;
  const a = v128.load64_splat(instruction + (bernoulli ? op.BERNOULLI_PROBABILITY : op.UNIFORM_LOW));
  const b = sub(v128.load64_splat(instruction, op.UNIFORM_HIGH), a);
  const first = i32x4.splat(key0);
  const second = i32x4.splat(key1);
  const third = i32x4.splat(key0 ^ key1 ^ 0x1bd11bda);
  const third1 = i32x4.add(third, i32x4.splat(1));
  const first2 = i32x4.add(first, i32x4.splat(2));
  const second3 = i32x4.add(second, i32x4.splat(3));
  const high = i32x4.add(i32x4.splat(<i32>(position >> 32)), second);
  const scaleX = entry(TABLE, 0);
  const scaleY = entry(TABLE, 1);
  const one = both(1);
  let low = i32x4.add(i32x4.add(i32x4.splat(<i32>position), i32x4(0, 1, 2, 3)), first);
  for (const end = out + (<usize>count << 3); out < end; out += 64) {
    let x = low, x4 = i32x4.add(low, i32x4.splat(4));
    let y = high, y4 = high;
    low = i32x4.add(low, i32x4.splat(8));
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 13); y4 = mix(x4, y4, 13);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 15); y4 = mix(x4, y4, 15);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 26); y4 = mix(x4, y4, 26);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 6); y4 = mix(x4, y4, 6);
    x = i32x4.add(x, second); x4 = i32x4.add(x4, second); y = i32x4.add(y, third1); y4 = i32x4.add(y4, third1);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 17); y4 = mix(x4, y4, 17);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 29); y4 = mix(x4, y4, 29);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 16); y4 = mix(x4, y4, 16);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 24); y4 = mix(x4, y4, 24);
    x = i32x4.add(x, third); x4 = i32x4.add(x4, third); y = i32x4.add(y, first2); y4 = i32x4.add(y4, first2);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 13); y4 = mix(x4, y4, 13);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 15); y4 = mix(x4, y4, 15);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 26); y4 = mix(x4, y4, 26);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 6); y4 = mix(x4, y4, 6);
    x = i32x4.add(x, first); x4 = i32x4.add(x4, first); y = i32x4.add(y, second3); y4 = i32x4.add(y4, second3);
    x = i32x4.add(x, y); x4 = i32x4.add(x4, y4); y = mix(x, y, 17); y4 = mix(x4, y4, 17);
    const u0 = unit(x, y, scaleX, scaleY);
    const u2 = unit(upper(x), upper(y), scaleX, scaleY);
    const u4 = unit(x4, y4, scaleX, scaleY);
    const u6 = unit(upper(x4), upper(y4), scaleX, scaleY);
    if (bernoulli) {
      v128.store(out, v128.and(less(u0, a), one));
      v128.store(out, v128.and(less(u2, a), one), 16);
      v128.store(out, v128.and(less(u4, a), one), 32);
      v128.store(out, v128.and(less(u6, a), one), 48);
    } else {
      v128.store(out, add(a, mul(b, u0)));
      v128.store(out, add(a, mul(b, u2)), 16);
      v128.store(out, add(a, mul(b, u4)), 32);
      v128.store(out, add(a, mul(b, u6)), 48);
    }
  }
}

/** y, rotated to the left, xor x. */
@inline
function mix(x: v128, y: v128, bits: i32): v128 {
  return v128.xor(v128.or(i32x4.shl(y, bits), i32x4.shr_u(y, 32 - bits)), x);
}

/** The second two words of four. */
@inline
function upper(words: v128): v128 {
  return v128.shuffle<i64>(words, words, 1, 1);
}

/** The numbers in [0, 1) that the first two of four blocks make. */
@inline
function unit(x: v128, y: v128, scaleX: v128, scaleY: v128): v128 {
  const high = f64x2.convert_low_i32x4_s(i32x4.shr_u(x, 5));
  const low = f64x2.convert_low_i32x4_s(i32x4.shr_u(y, 6));
  return add(mul(high, scaleX), mul(low, scaleY));
}
