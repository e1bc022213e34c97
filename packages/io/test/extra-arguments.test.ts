import { createRng, tensor } from "@gradus/core";
import { Dense } from "@gradus/nn";
import { type Calls, describeExtraArguments, method } from "../../core/test/extra-arguments.ts";
import { describeHostile } from "../../core/test/hostile.ts";
import * as io from "../src/index.ts";

const net = new Dense(2, 1, { rng: createRng("extra") });
const bytes = io.saveWeights(net);

const calls: Calls = {
  loadWeights: () => [net, bytes, {}],
  readSafetensors: () => [bytes],
  saveWeights: () => [net, {}],
  writeSafetensors: () => [new Map([["x", tensor([1])]]), {}],
  "file.info": () => method(io.readSafetensors(bytes), "info", "weight")(),
  "file.tensor": () => method(io.readSafetensors(bytes), "tensor", "weight")(),
};

const authors: Calls = {};
describeHostile(io, { ...calls, ...authors });

describeExtraArguments(io, calls, { SafetensorsFile: "made by readSafetensors" });
