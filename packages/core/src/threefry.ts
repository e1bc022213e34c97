/** Blocks computed at a time: few enough for the first-level cache. */
const BLOCKS = 256;
const words = new Int32Array(2 * BLOCKS);
const TWO_TO_MINUS_27 = 7.450580596923828e-9;
const TWO_TO_MINUS_53 = 1.1102230246251565e-16;

/**
 * Fills `data` with numbers uniform in [0, 1), one for each block from `position` (< 2⁵³) on: 27 and 26 bits of its two
 * words are the 53 bits of a double. Two loops, because a single loop needs too many registers and is 1.5 times as slow.
 */
export function fillUniform(data: Float64Array, position: number, key0: number, key1: number): void {
  for (let start = 0, count = 0; start < data.length; start += count) {
    const first = position + start;
    // All blocks of one call have the same upper word of the counter.
    count = Math.min(BLOCKS, data.length - start, 4294967296 - (first % 4294967296));
    threefry(count, first, key0, key1);
    toUnitInterval(data, start, count);
  }
}

function toUnitInterval(data: Float64Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) {
    data[start + i] = (words[2 * i] >>> 5) * TWO_TO_MINUS_27 + (words[2 * i + 1] >>> 6) * TWO_TO_MINUS_53;
  }
}

/**
 * Threefry-2x32 with 13 rounds (Salmon et al. 2011, Parallel Random Numbers: As Easy as 1, 2, 3, §4.1: the fewest rounds
 * that pass BigCrush): maps a counter to two pseudorandom 32-bit words, like a block cipher, but is not secure. Fills
 * `words` with `count` blocks from `position` on.
 *
 * A round adds, rotates and xors; the rotations are alternately 13, 15, 26, 6 and 17, 29, 16, 24 (table 1 of the paper).
 * After every four rounds a part of the key is added; the third part is the parity of the other two.
 */
function threefry(count: number, position: number, key0: number, key1: number): void {
  // `| 0` tells the JavaScript engine that these are 32-bit integers, which makes the loop a third faster.
  const [first, second] = [key0 | 0, key1 | 0];
  const third = first ^ second ^ 0x1bd11bda;
  const [third1, first2, second3] = [(third + 1) | 0, (first + 2) | 0, (second + 3) | 0];
  const low = position | 0;
  const high = Math.floor(position / 4294967296) | 0;
  for (let i = 0; i < count; i++) {
    let x = (((low + i) | 0) + first) | 0;
    let y = (high + second) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + second) | 0;
    y = (y + third1) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + third) | 0;
    y = (y + first2) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + first) | 0;
    y = (y + second3) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    words[2 * i] = x;
    words[2 * i + 1] = y;
  }
}
