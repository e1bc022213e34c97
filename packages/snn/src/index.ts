export { type FixedPointOptions, fixedPoint } from "./moments/fixed-point.ts";
export { momentsOf } from "./moments/moments-of.ts";
export type { Moments, WeightMoments } from "./moments/net-input.ts";
export { seluParameters } from "./moments/parameters.ts";
export { activationMoments, type QuadratureOptions } from "./moments/quadrature.ts";
export { type SeluParameters, seluJacobian, seluMoments } from "./moments/selu.ts";
export {
  type Band,
  type SnnLayer,
  SnnReport,
  type SnnReportData,
  type SnnReportOptions,
  type SnnReportTargets,
  type StageKind,
  snnReport,
} from "./snn-report.ts";
