import type * as family from "../../src/ops/greater.ts";
import type { SamplesOf } from "../../src/testing/index.ts";
import { compared } from "./comparison.ts";

export const greater: SamplesOf<typeof family> = { greater: compared };
