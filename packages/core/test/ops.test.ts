import { describe, test } from "vitest";
import { chain, ops } from "../src/index.ts";
import { describeOps } from "../src/testing/index.ts";

describeOps(ops, { describe, test });
// Not a method, but what gradient rules are written with.
describeOps({ chain }, { describe, test });
