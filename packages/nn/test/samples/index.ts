import type { SamplesOf } from "@gradus/core/testing";
import type * as ops from "../../src/ops/index.ts";
import { alphaDropout } from "./alpha-dropout.ts";
import { attention } from "./attention.ts";
import { dropout } from "./dropout.ts";
import { masks } from "./masks.ts";
import { prelu } from "./prelu.ts";
import { random } from "./random.ts";
import { rrelu } from "./rrelu.ts";

/** What every op of the registry is tested on; an op that is missing here does not compile. */
export const samples: SamplesOf<typeof ops> = {
  ...alphaDropout,
  ...attention,
  ...dropout,
  ...masks,
  ...prelu,
  ...random,
  ...rrelu,
};
