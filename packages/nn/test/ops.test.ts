import { describeOps } from "@gradus/core/testing";
import { describe, test } from "vitest";
import { ops } from "../src/index.ts";

describeOps(ops, { describe, test });
