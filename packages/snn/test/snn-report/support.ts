import type { Rng } from "@gradus/core";
import { Conv2d, Dense, type Initializer, type Layer, lecunNormal, SELU, Sequential } from "@gradus/nn";

/** Dense layers between these widths, an activation behind each of them. */
export function netOf(
  widths: readonly number[],
  rng: Rng,
  init: Initializer = lecunNormal,
  activation: () => Layer = () => new SELU(),
): Sequential {
  const layers = widths
    .slice(1)
    .flatMap((width, i) => [new Dense(widths[i], width, { rng: rng.split(i), init }), activation()]);
  return new Sequential(...layers);
}

/** `depth` layers of `width` units, and as many inputs. */
export function even(depth: number, width: number): number[] {
  return new Array<number>(depth + 1).fill(width);
}

/** Convolutions 3×3 with padding "same", an activation behind each. */
export function convNet(
  rng: Rng,
  depth: number,
  channels: number,
  init: Initializer = lecunNormal,
  activation: () => Layer = () => new SELU(),
): Sequential {
  const layers = Array.from({ length: depth }, (_, i) => [
    new Conv2d(i === 0 ? 3 : channels, channels, 3, { rng: rng.split(i), init, padding: "same" }),
    activation(),
  ]);
  return new Sequential(...layers.flat());
}
