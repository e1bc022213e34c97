import { createRng, selu } from "@gradus/core";
import { Dense, Sequential } from "@gradus/nn";
import { type Calls, describeExtraArguments } from "../../core/test/extra-arguments.ts";
import { describeHostile } from "../../core/test/hostile.ts";
import * as snn from "../src/index.ts";

const rng = createRng("extra");
const net = new Sequential(new Dense(3, 4, { rng }), selu);
/** Numbers, which are no options. */
const numbers = <T extends object>(values: T): T => Object.assign(Object.create(null), values);
const moments = numbers({ mean: 0, variance: 1 });
const weights = numbers({ sum: 0, squareSum: 1 });
const parameters = numbers(snn.seluParameters(moments));

const calls: Calls = {
  activationMoments: () => [Math.tanh, moments, weights, {}],
  fixedPoint: () => [(input: snn.Moments) => snn.seluMoments(input), {}],
  momentsOf: () => [rng.normal([8])],
  seluJacobian: () => [moments, weights, parameters],
  seluMoments: () => [moments, weights, parameters],
  seluParameters: () => [moments],
  snnReport: () => [net, rng.normal([8, 3]), {}],
};

const authors: Calls = {};
describeHostile(snn, { ...calls, ...authors });

describeExtraArguments(snn, calls, { SnnReport: "made by snnReport" });
