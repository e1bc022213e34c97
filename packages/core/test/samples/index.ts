import type * as ops from "../../src/ops/index.ts";
import type { SamplesOf } from "../../src/testing/index.ts";
import { arithmetic } from "./arithmetic.ts";
import { bases } from "./bases.ts";
import { bce } from "./bce.ts";
import { comparison } from "./comparison.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { division } from "./division.ts";
import { elementary } from "./elementary.ts";
import { embedding } from "./embedding.ts";
import { exponential } from "./exponential.ts";
import { extrema } from "./extrema.ts";
import { gelu } from "./gelu.ts";
import { greater } from "./greater.ts";
import { hyperbolic } from "./hyperbolic.ts";
import { indexSelect } from "./index-select.ts";
import { linalg } from "./linalg.ts";
import { linear } from "./linear.ts";
import { matmul } from "./matmul.ts";
import { mean } from "./mean.ts";
import { mse } from "./mse.ts";
import { norm } from "./norm.ts";
import { normalization } from "./normalization.ts";
import { pow } from "./pow.ts";
import { probabilityLosses } from "./probability-losses.ts";
import { rectifiers } from "./rectifiers.ts";
import { reduce } from "./reduce.ts";
import { regressionLosses } from "./regression-losses.ts";
import { relu } from "./relu.ts";
import { reshape } from "./reshape.ts";
import { rounding } from "./rounding.ts";
import { saturating } from "./saturating.ts";
import { scan } from "./scan.ts";
import { select } from "./select.ts";
import { shapeOps } from "./shape-ops.ts";
import { slice } from "./slice.ts";
import { softmax } from "./softmax.ts";
import { square } from "./square.ts";
import { statistics } from "./statistics.ts";
import { trigonometric } from "./trigonometric.ts";
import { where } from "./where.ts";

/** What every op of the registry is tested on; an op that is missing here does not compile. */
export const samples: SamplesOf<typeof ops> = {
  ...arithmetic,
  ...division,
  ...square,
  ...elementary,
  ...bce,
  ...comparison,
  ...greater,
  ...crossEntropy,
  ...embedding,
  ...exponential,
  ...extrema,
  ...gelu,
  ...indexSelect,
  ...linalg,
  ...linear,
  ...matmul,
  ...norm,
  ...normalization,
  ...pow,
  ...probabilityLosses,
  ...rectifiers,
  ...relu,
  ...reduce,
  ...regressionLosses,
  ...mse,
  ...saturating,
  ...scan,
  ...select,
  ...slice,
  ...softmax,
  ...statistics,
  ...mean,
  ...shapeOps,
  ...reshape,
  ...bases,
  ...hyperbolic,
  ...rounding,
  ...trigonometric,
  ...where,
};
