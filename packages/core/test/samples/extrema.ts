import type * as family from "../../src/ops/extrema.ts";
import type { ExtremeParams } from "../../src/ops/extrema.ts";
import type { ReduceParams } from "../../src/ops/reduce.ts";
import {
  type ErrorSample,
  type OpSamples,
  type Sample,
  type SamplesOf,
  sample,
  unarySamples,
} from "../../src/testing/index.ts";
import { reductionErrors, reductionSamples } from "./reduce.ts";

function refusesNothing(): ErrorSample<never>[] {
  return [
    { inputs: [{ shape: [0] }], message: /\(\[0\]\): axis 0 has size 0: there is no element to find/ },
    { inputs: [{ shape: [2, 3, 0] }], message: /axis 2 has size 0/ },
  ];
}

/** Samples for looking along one axis or none; not of size 0 there. */
function extremeSamples(): Sample<ExtremeParams>[] {
  return [
    ...unarySamples<ExtremeParams>().filter(({ inputs: [x] }) => "shape" in x && !x.shape.includes(0)),
    sample([[2, 3]], { keepDims: true }),
    ...[0, 1, -1].flatMap((axis) => [false, true].map((keepDims) => sample([[2, 3, 2]], { axis, keepDims }))),
    sample([[1, 4]], { axis: 0 }),
    sample([[2, 0]], { axis: 0 }),
  ];
}

function extremeErrors(): ErrorSample<ExtremeParams>[] {
  return [
    ...refusesNothing(),
    {
      inputs: [{ shape: [2, 0] }],
      params: { axis: 1 },
      message: /axis 1 has size 0: there is no element to find/,
    },
    { inputs: [{ shape: [2, 3] }], params: { axis: 2 }, message: /axis 2 is out of range/ },
    { inputs: [{ shape: [] }], params: { axis: 0 }, message: /a scalar has no axes/ },
  ];
}

const along: OpSamples<ExtremeParams> = { samples: extremeSamples(), errors: extremeErrors() };

const over: OpSamples<ReduceParams> = {
  samples: reductionSamples({}, 1),
  errors: [
    ...reductionErrors(),
    ...refusesNothing(),
    { inputs: [{ shape: [2, 0] }], params: { axes: -1 }, message: /axis 1 has size 0/ },
  ],
};

export const extrema: SamplesOf<typeof family> = {
  amax: over,
  amin: over,
  argmax: along,
  argmin: along,
  max: along,
  min: along,
};
