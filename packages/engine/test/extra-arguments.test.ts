import type { Tensor } from "@gradus/core";
import { describeExtraArguments } from "../../core/test/extra-arguments.ts";
import * as engine from "../src/index.ts";

describeExtraArguments(
  engine,
  { compile: () => [(x: Tensor) => x], threads: () => [1] },
  { simdSupported: "reads only", useSimd: "for tests of the plain loops" },
);
