import { ArgumentError, createRng, ShapeError } from "@gradus/core";
import { Dense, ReLU, SELU, Sequential } from "@gradus/nn";
import { expect, test } from "vitest";
import * as bounds from "../../../../examples/articles/linear-regions/bounds.ts";
import { boundNet, foldingNet } from "../../../../examples/articles/linear-regions/constructions.ts";
import type { AffineLayer } from "../../../../examples/articles/linear-regions/net.ts";
import { regionsOnLine, regionsOnPlane } from "../../../../examples/articles/linear-regions/regions.ts";
import { square } from "../../../../examples/articles/linear-regions/slice.ts";

const rng = createRng("bad");
const net = new Sequential(new Dense(2, 3, { rng }), new ReLU());
const plane =
  (changes: object): (() => unknown) =>
  () =>
    regionsOnPlane(net, { ...square(1), ...changes });
const of =
  (bad: unknown): (() => unknown) =>
  () =>
    regionsOnPlane(bad as Sequential, square(1));
const layer: AffineLayer = { weight: [[1], [1]], bias: [0], relu: true };
test.each([
  [
    of(new Sequential(new Dense(2, 3, { rng }), new SELU())),
    ArgumentError,
    /layers\.1 of the net is SELU\(\): .*only/,
  ],
  [of(new Sequential(new ReLU())), ArgumentError, /no Dense layer/],
  [of(7), ArgumentError, /a Sequential or a list of layers, got 7/],
  [of([null]), ArgumentError, /layer 0 must be \{ weight/],
  [
    of([{ ...layer, weight: [[1], [1, 2]] }]),
    ShapeError,
    /layer 0 has 1 biases, .* 1 weights, got 2; weight is/,
  ],
  [of([layer, layer]), ShapeError, /layer 1 with weight \[2,1\] follows 1 units/],
  [of([{ ...layer, bias: [Number.NaN] }]), ArgumentError, /layer 0 has the weight NaN/],
  [plane({ origin: [0, 0, 0] }), ShapeError, /the net has 2 inputs, but the origin \[0,0,0\] has 3/],
  [plane({ directions: [[1, 0], [1]] }), ShapeError, /the direction \[1\] has 1/],
  [
    plane({
      directions: [
        [1, 2],
        [-2, -4],
      ],
    }),
    ArgumentError,
    /\[1,2\] and \[-2,-4\] are parallel.*regionsOnLine/,
  ],
  [
    plane({
      directions: [
        [1, 2],
        [0, 0],
      ],
    }),
    ArgumentError,
    /parallel/,
  ],
  [plane({ origin: [0, Number.POSITIVE_INFINITY] }), ArgumentError, /origin must be finite/],
  [
    plane({
      box: [
        [0, 1],
        [1, 1],
      ],
    }),
    ArgumentError,
    /\[1,1\] is empty; a range is \[from, to\]/,
  ],
  [
    () => regionsOnLine(net, { origin: [0, 0], direction: [0, 0], range: [0, 1] }),
    ArgumentError,
    /leads nowhere/,
  ],
  [() => foldingNet(0), ArgumentError, /foldingNet: layers must be a whole number ≥ 1, got 0/],
  [() => boundNet(5, 1), ArgumentError, /boundNet: width must be even and ≥ 2, got 5/],
  [() => bounds.serraUpper(2, []), ArgumentError, /serraUpper: needs at least one input/],
])("%#: what is wrong is said", (action, error, message) => {
  expect(action).toThrow(error);
  expect(action).toThrow(message);
});
