import {
  ArgumentError,
  math,
  noMore,
  type Range,
  type Rng,
  randomStream,
  ranges,
  resolveOptions,
} from "@gradus/core";
import { Dataset } from "./dataset.ts";

/** Options of the data sets in the plane: {@link moons}, {@link plane}, …. */
export interface PlaneOptions {
  /** The random stream of positions and noise. */
  readonly rng: Rng;
  /** The number of samples, in all classes together. Default: 200. */
  readonly count?: number;
  /** The standard deviation of the normal noise: of both coordinates, or of the targets of a surface. */
  readonly noise?: number;
}

/** Options of the data sets that can have more than two classes: {@link spirals}, …. */
export interface PlaneClassOptions extends PlaneOptions {
  /** The number of classes, from 2 to the number of samples. Default: 2. */
  readonly classes?: number;
}

/** A sample before noise: class `c` of `classes`, sample `i` of `n` in its class, and two uniform numbers in [0, 1). */
interface Place {
  readonly c: number;
  readonly classes: number;
  readonly i: number;
  readonly n: number;
  readonly u: number;
  readonly v: number;
}

type Resolved = Required<PlaneClassOptions>;

const severalClasses: Range = {
  says: "must be a whole number ≥ 2",
  admits: (x) => Number.isSafeInteger(x) && (x as number) >= 2,
};
const common = { rng: randomStream, count: ranges.positiveCount, noise: ranges.nonNegative };

/** The point at an angle and a distance from the middle. */
const polar = (radius: number, angle: number): [number, number] => [
  radius * math.cos(angle),
  radius * math.sin(angle),
];

/** Samples of class 0 first, then those of class 1, …; the sizes of classes differ by at most 1, the first ones are larger. */
function classified(
  who: string,
  { rng, count, noise, classes }: Resolved,
  pointOf: (place: Place) => readonly [number, number],
): Dataset {
  if (count < classes) {
    throw new ArgumentError(`${who}: count must be at least the number of classes, ${classes}, got ${count}`);
  }
  const inputs = rng.normal([count, 2], { std: noise }).data;
  const uniform = rng.uniform([count, 2]).data;
  const targets = new Uint32Array(count);
  for (let c = 0, at = 0; c < classes; c++) {
    const n = Math.floor(count / classes) + (c < count % classes ? 1 : 0);
    for (let i = 0; i < n; i++, at++) {
      const [x, y] = pointOf({ c, classes, i, n, u: uniform[2 * at], v: uniform[2 * at + 1] });
      inputs[2 * at] = x + inputs[2 * at];
      inputs[2 * at + 1] = y + inputs[2 * at + 1];
      targets[at] = c;
    }
  }
  return new Dataset({ inputs, inputShape: [2], targets, classes });
}

/** A data set of two classes. */
function two(who: string, options: PlaneOptions, noise: number, extra: readonly unknown[]): Resolved {
  noMore(who, "options", extra);
  return {
    ...resolveOptions<Required<PlaneOptions>>(who, options, { count: 200, noise }, common),
    classes: 2,
  };
}

/** A data set of two or more classes. */
function several(
  who: string,
  options: PlaneClassOptions,
  noise: number,
  extra: readonly unknown[],
): Resolved {
  noMore(who, "options", extra);
  const defaults = { count: 200, noise, classes: 2 };
  return resolveOptions<Resolved>(who, options, defaults, { ...common, classes: severalClasses });
}

/**
 * Spirals around the middle, one for each class, turned by 2π/classes: radius r from 0.08 to 0.98, angle 3.5πr. A net
 * without hidden layers cannot divide them (Lang & Witbrock 1988, Learning to Tell Two Spirals Apart).
 *
 * @param options noise: default 0.015.
 * @returns inputs [count, 2] in about [-1, 1]², class indices, class after class.
 * @throws ArgumentError for bad options.
 * @example const train = spirals({ rng: createRng("spirals"), classes: 3 });
 */
export function spirals(options: PlaneClassOptions, ...extra: readonly undefined[]): Dataset {
  return classified("spirals", several("spirals", options, 0.015, extra), ({ c, classes, i, n }) => {
    const radius = 0.08 + (0.9 * i) / n;
    return polar(radius, 3.5 * Math.PI * radius + (2 * Math.PI * c) / classes);
  });
}

/**
 * Two circles around the middle, of radius 1 (class 0) and 0.5 (class 1), at equal angles, as scikit-learn's `make_circles`.
 *
 * @param options noise: default 0.05.
 * @returns inputs [count, 2], class indices, class after class.
 * @throws ArgumentError for bad options.
 * @example const train = circles({ rng: createRng("circles"), count: 100 });
 */
export function circles(options: PlaneOptions, ...extra: readonly undefined[]): Dataset {
  return classified("circles", two("circles", options, 0.05, extra), ({ c, i, n }) =>
    polar(c === 0 ? 1 : 0.5, (2 * Math.PI * i) / n),
  );
}

/**
 * Two half circles, each with one end inside the other: those of scikit-learn's `make_moons`, (cos t, sin t) and
 * (1 − cos t, ½ − sin t) for t in [0, π], moved and scaled to [-1, 1]: (x − ½)/1.5, (y − ¼)/1.5.
 *
 * @param options noise: default 0.05.
 * @returns inputs [count, 2], class indices, class after class.
 * @throws ArgumentError for bad options.
 * @example const train = moons({ rng: createRng("moons"), noise: 0.1 });
 */
export function moons(options: PlaneOptions, ...extra: readonly undefined[]): Dataset {
  return classified("moons", two("moons", options, 0.05, extra), ({ c, i, n }) => {
    const [x, y] = polar(1, n === 1 ? 0 : (Math.PI * i) / (n - 1));
    return c === 0 ? [(x - 0.5) / 1.5, (y - 0.25) / 1.5] : [(0.5 - x) / 1.5, (0.25 - y) / 1.5];
  });
}

/**
 * The four quarters of the plane, uniform in 0.1 ≤ |x|, |y| < 1: class 1 where the signs of x and y differ.
 *
 * @param options noise: default 0.
 * @returns inputs [count, 2], class indices, class after class.
 * @throws ArgumentError for bad options.
 * @example const train = xor({ rng: createRng("xor") });
 */
export function xor(options: PlaneOptions, ...extra: readonly undefined[]): Dataset {
  return classified("xor", two("xor", options, 0, extra), ({ c, i, u, v }) => {
    const sign = i % 2 === 0 ? 1 : -1;
    return [sign * (0.1 + 0.9 * u), (c === 0 ? sign : -sign) * (0.1 + 0.9 * v)];
  });
}

/**
 * A normal distribution for each class, their means at equal angles, π/4 + 2πc/classes, 0.7 from the middle.
 *
 * @param options noise: the standard deviation of each class, default 0.2.
 * @returns inputs [count, 2], class indices, class after class.
 * @throws ArgumentError for bad options.
 * @example const train = gaussians({ rng: createRng("gaussians"), classes: 4, noise: 0.1 });
 */
export function gaussians(options: PlaneClassOptions, ...extra: readonly undefined[]): Dataset {
  return classified("gaussians", several("gaussians", options, 0.2, extra), ({ c, classes }) =>
    polar(0.7, Math.PI / 4 + (2 * Math.PI * c) / classes),
  );
}

/**
 * A disc (class 0) in rings (the other classes), uniform by area: class c between the radii c/classes and (c + 0.7)/classes.
 *
 * @param options noise: default 0.
 * @returns inputs [count, 2], class indices, class after class.
 * @throws ArgumentError for bad options.
 * @example const train = rings({ rng: createRng("rings"), classes: 3 });
 */
export function rings(options: PlaneClassOptions, ...extra: readonly undefined[]): Dataset {
  return classified("rings", several("rings", options, 0, extra), ({ c, classes, u, v }) => {
    const [inner, outer] = [c / classes, (c + 0.7) / classes];
    return polar(Math.sqrt(inner * inner + u * (outer * outer - inner * inner)), 2 * Math.PI * v);
  });
}

/**
 * A board of 2·classes × 2·classes equal squares that fill [-1, 1]²; the class of a square is (row + column) mod classes.
 *
 * @param options noise: default 0.
 * @returns inputs [count, 2], uniform in the squares of their class; class indices, class after class.
 * @throws ArgumentError for bad options.
 * @example const train = checkerboard({ rng: createRng("board"), count: 400 });
 */
export function checkerboard(options: PlaneClassOptions, ...extra: readonly undefined[]): Dataset {
  return classified("checkerboard", several("checkerboard", options, 0, extra), ({ c, classes, u, v }) => {
    const side = 2 * classes;
    const row = Math.floor(u * side);
    // Each row has two squares of each class; v chooses one of them and the place in it.
    const second = v < 0.5 ? 0 : 1;
    const column = ((c + side - row) % classes) + second * classes;
    return [(2 * (column + 2 * v - second)) / side - 1, 2 * u - 1];
  });
}

/** Points uniform in [-1, 1]², targets [count, 1]: the height of a surface plus noise. */
function surface(
  who: string,
  options: PlaneOptions,
  extra: readonly unknown[],
  height: (x: number, y: number) => number,
): Dataset {
  const { rng, count, noise } = two(who, options, 0, extra);
  const targets = rng.normal([count, 1], { std: noise }).data;
  const inputs = rng.uniform([count, 2], { low: -1, high: 1 }).data;
  for (let i = 0; i < count; i++) targets[i] = height(inputs[2 * i], inputs[2 * i + 1]) + targets[i];
  return new Dataset({ inputs, inputShape: [2], targets, targetShape: [1] });
}

/**
 * A surface for regression: the plane z = (x + y)/2, at points uniform in [-1, 1]².
 *
 * @param options noise: of the targets, default 0.
 * @returns inputs [count, 2], targets [count, 1].
 * @throws ArgumentError for bad options.
 * @example const train = plane({ rng: createRng("plane"), noise: 0.1 });
 */
export function plane(options: PlaneOptions, ...extra: readonly undefined[]): Dataset {
  return surface("plane", options, extra, (x, y) => (x + y) / 2);
}

/**
 * A surface for regression: two Gaussian bumps up, at ±(½, ½), and two down, at ±(½, −½), each exp(−8·distance²), at
 * points uniform in [-1, 1]².
 *
 * @param options noise: of the targets, default 0.
 * @returns inputs [count, 2], targets [count, 1] in about [-1, 1].
 * @throws ArgumentError for bad options.
 * @example const train = bumps({ rng: createRng("bumps"), count: 400 });
 */
export function bumps(options: PlaneOptions, ...extra: readonly undefined[]): Dataset {
  // exp(−8((x − a)² + (y − b)²)) summed over a, b = ±½ with the sign of ab is a product.
  const bump = (d: number): number => math.exp(-8 * d * d);
  const part = (x: number): number => bump(x - 0.5) - bump(x + 0.5);
  return surface("bumps", options, extra, (x, y) => part(x) * part(y));
}
