import { describe, expect, test } from "vitest";
import {
  batchNorm,
  bceWithLogits,
  broadcastTo,
  concat,
  crossEntropy,
  embedding,
  flip,
  layerNorm,
  linear,
  matmul,
  nll,
  oneHot,
  ones,
  permute,
  prod,
  softmax,
  stack,
  std,
  sum,
  tensor,
  variance,
  weightedMean,
  zeros,
} from "../../src/index.ts";

// Messages as a whole: an op made of other ops shows their places, axes and words only where they are its own.

describe("H4: the axes in a message are those of the shapes in it", () => {
  test.each<[() => unknown, string]>([
    [
      () => matmul(zeros([2, 2, 3]), zeros([3, 3, 2])),
      "matmul([2,2,3], [3,3,2]): shapes do not broadcast: 2 vs 3 at axis -3",
    ],
    [
      () => matmul(zeros([5, 4, 2, 3]), zeros([5, 1, 3, 2]).mul(zeros([1, 3, 1, 1]))),
      "matmul([5,4,2,3], [5,3,3,2]): shapes do not broadcast: 4 vs 3 at axis -3",
    ],
    [
      () => matmul(zeros([4, 1, 2, 3]), zeros([5, 1, 3, 2])),
      "matmul([4,1,2,3], [5,1,3,2]): shapes do not broadcast: 4 vs 5 at axis -4",
    ],
    [() => std(zeros([2, 3]), { axes: 2 }), "std([2,3]): axis 2 is out of range: it must be in [-2, 1]"],
    [() => softmax(zeros([2]), { axis: 1 }), "softmax([2]): axis 1 is out of range: it must be in [-1, 0]"],
  ])("H4: %s", (run, message) => expect(run).toThrow(new RegExp(`^${pattern(message)}$`)));
});

describe("H5, H6: losses speak of classes and targets, in their own words", () => {
  test.each<[() => unknown, string]>([
    [() => nll(zeros([2, 3]), zeros([2, 3])), "nll([2,3], [2,3]): targets must have shape [2], got [2,3]"],
    [
      () => weightedMean(zeros([2]), zeros([3])),
      "weightedMean([2], [3]): losses [2] and weights [3] differ; reshape one of them",
    ],
    [
      () => crossEntropy(zeros([2, 3]), zeros([3])),
      "crossEntropy([2,3], [3]): targets must have shape [2], or that of the logits for probabilities, got [3]",
    ],
    [
      () => crossEntropy(zeros([2, 3]), tensor([0, 7])),
      "crossEntropy([2,3], [2]): class 7 at [1] is out of range: there are 3 classes",
    ],
    [
      () => crossEntropy(zeros([3]), tensor(5)),
      "crossEntropy([3], []): class 5 is out of range: there are 3 classes",
    ],
    [
      () =>
        crossEntropy(
          zeros([2, 3, 2]),
          tensor([
            [0, 1],
            [2, 3],
          ]),
        ),
      "crossEntropy([2,3,2], [2,2]): class 3 at [1,1] is out of range: there are 3 classes",
    ],
    [() => nll(zeros([2, 3]), tensor([0.5, 0])), "nll([2,3], [2]): class 0.5 at [0] is not a whole number"],
    [
      () => crossEntropy(zeros([2, 3]), tensor([0, 7]), { classWeights: [1, 2, 3], labelSmoothing: 0.1 }),
      "crossEntropy([2,3], [2]): class 7 at [1] is out of range: there are 3 classes",
    ],
    [() => nll(zeros([]), zeros([])), "nll([], []): log-probabilities need a class axis"],
    [() => crossEntropy(zeros([]), zeros([])), "crossEntropy([], []): logits need a class axis"],
    [
      () => oneHot(tensor([0, 3]), { classes: 3 }),
      "oneHot([2]): index 3 at [1] is out of range: there are 3 classes",
    ],
    [
      () => embedding(zeros([3, 2]), tensor([[0, 3]])),
      "embedding([3,2], [1,2]): index 3 at [0,1] is out of range: axis 0 has size 3",
    ],
    [
      () => bceWithLogits(zeros([2, 3]), zeros([2, 3]), { positiveWeight: [1, 2] }),
      "bceWithLogits([2,3], [2,3]): positiveWeight must be finite, ≥ 0 and one number or one per column, got [1,2]",
    ],
  ])("H5, H6: %s", (run, message) => expect(run).toThrow(new RegExp(`^${pattern(message)}$`)));
});

describe("H11: a message shows what was given, and where", () => {
  test.each<[() => unknown, string]>([
    [() => sum(zeros([2, 3]), { axes: [0, -2] }), "sum([2,3]): axis 0 appears more than once in [0,-2]"],
    [() => prod(zeros([2, 3]), { axes: [1, 1] }), "prod([2,3]): axis 1 appears more than once in [1,1]"],
    [() => flip(zeros([2, 3]), { axes: [1, -1] }), "flip([2,3]): axis 1 appears more than once in [1,-1]"],
    [
      () => variance(zeros([2, 3]), { axes: [1, 1] }),
      "variance([2,3]): axis 1 appears more than once in [1,1]",
    ],
    [
      () => permute(zeros([2, 3]), { axes: [0, 0] }),
      "permute([2,3]): axis 0 appears more than once in [0,0]",
    ],
    [
      () => broadcastTo(zeros([2]), { shape: [4, 3] }),
      "broadcastTo([2]): cannot be repeated to [4,3]: 2 vs 3 at axis -1",
    ],
    [
      () => broadcastTo(zeros([2, 1]), { shape: [3, 4] }),
      "broadcastTo([2,1]): cannot be repeated to [3,4]: 2 vs 3 at axis -2",
    ],
    [
      () => broadcastTo(zeros([2, 3]), { shape: [3] }),
      "broadcastTo([2,3]): cannot be repeated to [3]: it has fewer axes",
    ],
    [
      () => concat([zeros([2, 3]), zeros([2, 4])]),
      "concat([2,3], [2,4]): input 2 has shape [2,4], the first [2,3]: they may differ only at axis 0",
    ],
    [
      () => stack([zeros([2]), zeros([2]), zeros([3])]),
      "stack([2], [2], [3]): input 3 has shape [3], the first [2]: they must be equal",
    ],
    [
      () => linear(ones([4, 2]), ones([3, 2]), ones([3])),
      "linear([4,2], [3,2], [3]): needs x [..., m], a weight [m, n] and a bias [n]; PyTorch's layout [out, in] is the other " +
        "way round: transpose the weight",
    ],
    [
      () => linear(ones([4, 2]), ones([3, 5]), ones([5])),
      "linear([4,2], [3,5], [5]): needs x [..., m], a weight [m, n] and a bias [n]",
    ],
    [
      () => layerNorm(ones([2, 3]), ones([2]), ones([2])),
      "layerNorm([2,3], [2], [2]): scale and shift must both have the shape of x's trailing axes",
    ],
    [
      () => batchNorm(ones([2, 3]), ones([2]), ones([2]), ones([2]), ones([2])),
      "batchNorm([2,3], [2], [2], [2], [2]): scale, shift, mean and variance must have the shape [3] of the channels",
    ],
  ])("H11: %s", (run, message) => expect(run).toThrow(new RegExp(`^${pattern(message)}$`)));
});

/** A text as a regular expression. */
function pattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
