/** ReLU nets with known regions: each layer folds its input, so that the next one cuts many parts at once. */
import { ArgumentError, createRng, show, type Tensor, zeros } from "@gradus/core";
import { Dense, ReLU, Sequential } from "@gradus/nn";

/** A layer with these weights, [in][out]. */
export function denseOf(weight: readonly (readonly number[])[], bias: readonly number[]): Dense {
  const dense = new Dense(weight.length, bias.length, { rng: createRng("unused"), init: zeros });
  dense.weight.assign(weight.flat());
  dense.bias?.assign(bias);
  return dense;
}

/**
 * (x₁, x₂) → (|x₁|, |x₂|), the "2-D mod", once per layer, with t → 2t − 1 in between, which scales the folded quarter
 * to the whole square [−1, 1]². On that square the net has exactly 4^layers regions with 4 units per layer.
 *
 * |x| = ReLU(x) + ReLU(−x), as in Montúfar et al. 2014, figure 2.
 */
export function foldingNet(layers: number): Sequential {
  checkCount("foldingNet", "layers", layers);
  // Between two ReLUs: add a pair of units, t → 2t − 1, and make the next pair ±t.
  const between = (): Dense =>
    denseOf(
      [
        [2, -2, 0, 0],
        [2, -2, 0, 0],
        [0, 0, 2, -2],
        [0, 0, 2, -2],
      ],
      [-1, 1, -1, 1],
    );
  const first = denseOf(
    [
      [1, -1, 0, 0],
      [0, 0, 1, -1],
    ],
    [0, 0, 0, 0],
  );
  const last = denseOf(
    [
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ],
    [0, 0],
  );
  return new Sequential(first, new ReLU(), ...repeat(layers - 1, () => [between(), new ReLU()]), last);
}

/** The function of {@link foldingNet}, written with ops, as a target for training. Shapes: x [..., 2] → [..., 2]. */
export function folded(x: Tensor, times: number): Tensor {
  let out = x.abs();
  for (let i = 1; i < times; i++) out = out.mul(2).sub(1).abs();
  return out;
}

/**
 * The triangle wave: [0, 1] folded `pieces` times by as many units,
 * h(x) = p·ReLU(x) + Σ_{j=1}^{p−1} (−1)^j·2p·ReLU(x − j/p), each piece onto the whole of [0, 1]; each layer repeats this.
 * So there are exactly pieces^layers pieces.
 */
export function waveNet(pieces: number, layers: number): Sequential {
  checkCount("waveNet", "pieces", pieces);
  checkCount("waveNet", "layers", layers);
  const steps = places(pieces);
  const heights = wave(pieces);
  const between = (): Dense =>
    denseOf(
      heights.map((height) => steps.map(() => height)),
      steps,
    );
  const first = denseOf([steps.map(() => 1)], steps);
  const last = denseOf(
    heights.map((height) => [height]),
    [0],
  );
  return new Sequential(first, new ReLU(), ...repeat(layers - 1, () => [between(), new ReLU()]), last);
}

/**
 * A net with two inputs that has, on [0, 1]², the number of regions of Montúfar's lower bound: all layers except the
 * last fold both axes into waves of width/2 pieces; the last cuts the square by `width` lines in general position.
 *
 * @param width of each layer, even.
 */
export function boundNet(width: number, layers: number): Sequential {
  checkCount("boundNet", "layers", layers);
  if (!Number.isSafeInteger(width) || width < 2 || width % 2 !== 0) {
    throw new ArgumentError(`boundNet: width must be even and ≥ 2, got ${show(width)}`);
  }
  const pieces = width / 2;
  const heights = wave(pieces);
  const none = heights.map(() => 0);
  const steps = [...places(pieces), ...places(pieces)];
  const ones = heights.map(() => 1);
  const first = denseOf(
    [
      [...ones, ...none],
      [...none, ...ones],
    ],
    steps,
  );
  // The weights that sum the units of an axis.
  const axes = [...heights.map((height) => [height, 0]), ...heights.map((height) => [0, height])];
  const between = (): Dense =>
    denseOf(
      axes.map(([u, v]) => [...ones.map(() => u), ...ones.map(() => v)]),
      steps,
    );
  const lines = generalLines(width);
  const bias = lines.map(([, , constant]) => constant);
  const cutting =
    layers === 1
      ? denseOf([lines.map(([a]) => a), lines.map(([, b]) => b)], bias)
      : denseOf(
          axes.map(([u, v]) => lines.map(([a, b]) => a * u + b * v)),
          bias,
        );
  const folds = layers === 1 ? [] : [first, new ReLU(), ...repeat(layers - 2, () => [between(), new ReLU()])];
  const last = denseOf(
    lines.map((_, i) => [i + 1, i % 2 === 0 ? 1 : -1]),
    [0, 0],
  );
  return new Sequential(...folds, cutting, new ReLU(), last);
}

/**
 * Tangents of a small circle around (½, ½): each two meet in the square, no three in one point. All units are off inside
 * the circle; a cell with all units off at the edge of the square would join with its mirror image.
 */
function generalLines(count: number): number[][] {
  const radius = 0.25 / count;
  return repeat(count, (i) => {
    // Rational points of the unit circle, so that no sine is needed: t = tan(angle/2) over half a turn.
    const t = (2 * i + 1) / count - 1;
    const outward = (i % 2 === 0 ? 1 : -1) / (1 + t * t);
    const [a, b] = [outward * (1 - t * t), outward * 2 * t];
    return [[a, b, -(a + b) / 2 - radius]];
  });
}

/** The biases of the units of a wave: −j/p. */
function places(pieces: number): number[] {
  return Array.from({ length: pieces }, (_, j) => (j === 0 ? 0 : -j / pieces));
}

/** The factors of the units of a wave. */
function wave(pieces: number): number[] {
  return Array.from({ length: pieces }, (_, j) => (j === 0 ? pieces : (j % 2 === 0 ? 2 : -2) * pieces));
}

function repeat<T>(times: number, make: (i: number) => T[]): T[] {
  return Array.from({ length: times }, (_, i) => make(i)).flat();
}

function checkCount(who: string, name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new ArgumentError(`${who}: ${name} must be a whole number ≥ 1, got ${show(value)}`);
  }
}
