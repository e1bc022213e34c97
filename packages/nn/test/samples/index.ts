import type { SamplesOf } from "@gradus/core/testing";
import type * as ops from "../../src/ops/index.ts";
import { alphaDropout } from "./alpha-dropout.ts";
import { attention } from "./attention.ts";
import { conv } from "./conv.ts";
import { conv1d } from "./conv1d.ts";
import { dropout } from "./dropout.ts";
import { groupNorm } from "./group-norm.ts";
import { pool } from "./pool.ts";
import { prelu } from "./prelu.ts";
import { random } from "./random.ts";
import { rrelu } from "./rrelu.ts";
import { sequenceMask } from "./sequence-mask.ts";
import { upsample } from "./upsample.ts";

/** What every op of the registry is tested on; an op that is missing here does not compile. */
export const samples: SamplesOf<typeof ops> = {
  ...alphaDropout,
  ...conv,
  ...conv1d,
  ...dropout,
  ...groupNorm,
  ...pool,
  ...attention,
  ...prelu,
  ...random,
  ...rrelu,
  ...sequenceMask,
  ...upsample,
};
