import { describe, test } from "vitest";
import { ops } from "../src/index.ts";
import { describeOps } from "../src/testing/index.ts";

describeOps(ops, { describe, test });
