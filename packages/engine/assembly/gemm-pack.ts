// Packing: `count` vectors of `depth` elements each become panels of four vectors, which hold element 0 of all four,
// then element 1 of all four, and so on. Vectors missing in the last panel become zeros. The same as `pack` of
// kernels/blocked.ts.

/**
 * @param vectorStep bytes from vector to vector
 * @param step bytes from element to element: one of the two steps is 8
 */
export function pack(source: usize, vectorStep: usize, step: usize, count: i32, depth: i32, to: usize): void {
  const whole = count & ~3;
  if (step == 8) interleave(source, vectorStep, whole, depth, to);
  else copy(source, step, whole, depth, to);
  if (whole < count) {
    packRest(
      source + <usize>whole * vectorStep,
      vectorStep,
      step,
      count - whole,
      depth,
      to + ((<usize>whole * depth) << 3),
    );
  }
}

/** The elements of a vector lie side by side: four at a time are read along, two steps together. */
function interleave(source: usize, vectorStep: usize, count: i32, depth: i32, to: usize): void {
  for (let vector = 0; vector < count; vector += 4) {
    const from0 = source + <usize>vector * vectorStep;
    const from1 = from0 + vectorStep;
    const from2 = from1 + vectorStep;
    interleaveFour(from0, from1, from2, from2 + vectorStep, depth, to);
    to += (<usize>depth) << 5;
  }
}

/** One panel of four vectors, `depth` elements of each. */
@inline export function interleaveFour(from0: usize, from1: usize, from2: usize, from3: usize, depth: i32, to: usize): void {
  const last = from0 + ((<usize>depth - 1) << 3);
  while (from0 < last) {
    const x0 = v128.load(from0);
    const x1 = v128.load(from1);
    const x2 = v128.load(from2);
    const x3 = v128.load(from3);
    v128.store(to, v128.shuffle<f64>(x0, x1, 0, 2));
    v128.store(to, v128.shuffle<f64>(x2, x3, 0, 2), 16);
    v128.store(to, v128.shuffle<f64>(x0, x1, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(x2, x3, 1, 3), 48);
    from0 += 16;
    from1 += 16;
    from2 += 16;
    from3 += 16;
    to += 64;
  }
  if (from0 == last) {
    store<f64>(to, load<f64>(from0));
    store<f64>(to, load<f64>(from1), 8);
    store<f64>(to, load<f64>(from2), 16);
    store<f64>(to, load<f64>(from3), 24);
  }
}

/** Equal elements of the vectors lie side by side: eight steps at a time, so that each line of the cache is read once. */
function copy(source: usize, step: usize, count: i32, depth: i32, to: usize): void {
  const panel = (<usize>depth) << 5;
  for (let p = 0; p < depth; p += 8) {
    const steps = min(8, depth - p);
    const rows = source + <usize>p * step;
    const toRows = to + ((<usize>p) << 5);
    for (let vector = 0; vector < count; vector += 4) {
      let from = rows + ((<usize>vector) << 3);
      let into = toRows + (<usize>vector >> 2) * panel;
      for (let s = 0; s < steps; s++) {
        v128.store(into, v128.load(from));
        v128.store(into, v128.load(from, 16), 16);
        from += step;
        into += 32;
      }
    }
  }
}

/** One panel of fewer than four vectors. */
function packRest(source: usize, vectorStep: usize, step: usize, count: i32, depth: i32, to: usize): void {
  for (let p = 0; p < depth; p++) {
    let from = source + <usize>p * step;
    for (let vector = 0; vector < 4; vector++) {
      store<f64>(to, vector < count ? load<f64>(from) : 0);
      from += vectorStep;
      to += 8;
    }
  }
}
