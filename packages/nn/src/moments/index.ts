/**
 * The theory behind self-normalizing nets: how a layer maps the mean and variance of its inputs to those of its
 * activations, where that settles after many layers, and which α and λ settle elsewhere. Nothing here is needed to
 * train a net.
 *
 * Klambauer, Unterthiner, Mayr & Hochreiter 2017, Self-Normalizing Neural Networks, arXiv:1706.02515.
 */

export { type FixedPointOptions, fixedPoint } from "./fixed-point.ts";
export type { Moments, WeightMoments } from "./net-input.ts";
export { seluParameters } from "./parameters.ts";
export { activationMoments, type QuadratureOptions } from "./quadrature.ts";
export { type SeluParameters, seluJacobian, seluMoments } from "./selu.ts";
