import { bumps, checkerboard, circles, gaussians, moons, plane, rings, spirals, xor } from "@gradus/data";

/** The data sets in the plane, by name: each takes only options. */
export const planeSets: Readonly<Record<string, (options: never) => unknown>> = {
  ...{ bumps, checkerboard, circles, gaussians, moons, plane, rings, spirals, xor },
};
