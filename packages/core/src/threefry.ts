/**
 * Threefry-2x32 with 13 rounds (Salmon et al. 2011, Parallel Random Numbers: As Easy as 1, 2, 3): a block cipher without
 * the secrecy, which turns a counter into two 32-bit words that look random. Fills `words` with `count` blocks of two,
 * the first at `position` (< 2⁵³).
 *
 * A round adds, rotates and xors; the rotations are 13, 15, 26, 6 and 17, 29, 16, 24 in turn (table 1 of the paper).
 * After every four rounds a part of the key is added, the third part being the parity of the other two.
 */
export function threefry(
  words: Int32Array,
  count: number,
  position: number,
  key0: number,
  key1: number,
): void {
  const key2 = key0 ^ key1 ^ 0x1bd11bda;
  for (let i = 0; i < count; i++) {
    const counter = position + i;
    let x = ((counter | 0) + key0) | 0;
    let y = (((counter / 4294967296) | 0) + key1) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + key1) | 0;
    y = (y + key2 + 1) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    x = (x + y) | 0;
    y = ((y << 29) | (y >>> 3)) ^ x;
    x = (x + y) | 0;
    y = ((y << 16) | (y >>> 16)) ^ x;
    x = (x + y) | 0;
    y = ((y << 24) | (y >>> 8)) ^ x;
    x = (x + key2) | 0;
    y = (y + key0 + 2) | 0;
    x = (x + y) | 0;
    y = ((y << 13) | (y >>> 19)) ^ x;
    x = (x + y) | 0;
    y = ((y << 15) | (y >>> 17)) ^ x;
    x = (x + y) | 0;
    y = ((y << 26) | (y >>> 6)) ^ x;
    x = (x + y) | 0;
    y = ((y << 6) | (y >>> 26)) ^ x;
    x = (x + key0) | 0;
    y = (y + key1 + 3) | 0;
    x = (x + y) | 0;
    y = ((y << 17) | (y >>> 15)) ^ x;
    words[2 * i] = x;
    words[2 * i + 1] = y;
  }
}
