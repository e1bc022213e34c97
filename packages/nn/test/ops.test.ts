import { describeOps } from "@gradus/core/testing";
import { describe, test } from "vitest";
import { ops } from "../src/index.ts";
import { samples } from "./samples/index.ts";

describeOps(ops, samples, { describe, test });
