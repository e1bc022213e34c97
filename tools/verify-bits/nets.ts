/** Nets of the layers that need images or sequences: each digit is one, of 28 rows with 28 columns. */
import { type Rng, selu, type Tensor } from "@gradus/core";
import {
  AvgPool1d,
  AvgPool2d,
  Bidirectional,
  Conv1d,
  Conv2d,
  ConvTranspose2d,
  Dense,
  Flatten,
  GlobalAveragePool,
  GRU,
  GroupNorm,
  type Layer,
  LearnedPositions,
  LSTM,
  MaxPool1d,
  MaxPool2d,
  MultiHeadAttention,
  Sequential,
  SimpleRNN,
  SinusoidalPositions,
  TransformerBlock,
  Upsample,
} from "@gradus/nn";

const toImages = (x: Tensor): Tensor => x.reshape({ shape: [-1, 28, 28, 1] });
const toRows = (x: Tensor): Tensor => x.reshape({ shape: [-1, 28, 28] });

export const nets: Readonly<Record<string, (rng: Rng) => Layer>> = {
  "a net of convolutions": (rng) =>
    new Sequential(
      toImages,
      new Conv2d(1, 6, 5, { rng, stride: 2, padding: "same", activation: selu }),
      new MaxPool2d(3, { stride: 2, padding: 1 }),
      new GroupNorm(3, 6),
      new Conv2d(6, 6, [2, 3], { rng, groups: 2, dilation: 2 }),
      new ConvTranspose2d(6, 4, 3, { rng, stride: 2, activation: selu }),
      new AvgPool2d(2),
      new Upsample(2),
      new GlobalAveragePool(),
      new Dense(4, 10, { rng }),
    ),
  "a recurrent net": (rng) =>
    new Sequential(
      toRows,
      new Conv1d(28, 8, 5, { rng, stride: 3, activation: selu }),
      new MaxPool1d(2, { stride: 1 }),
      new AvgPool1d(2, { stride: 1 }),
      new Bidirectional(
        new GRU(8, 5, { rng, returnSequences: true }),
        new GRU(8, 5, { rng, returnSequences: true, resetAfter: false }),
      ),
      new LSTM(10, 6, { rng, returnSequences: true }),
      new SimpleRNN(6, 7, { rng }),
      new Dense(7, 10, { rng }),
    ),
  "a net of attention": (rng) =>
    new Sequential(
      toRows,
      new Conv1d(28, 12, 4, { rng, stride: 4 }),
      new SinusoidalPositions(12),
      new LearnedPositions(7, 12, { rng }),
      new MultiHeadAttention(12, 3, { rng, causal: true, dropout: 0.1 }),
      new TransformerBlock(12, 2, { rng, causal: true }),
      new TransformerBlock(12, 4, { rng, norm: "post", dropout: 0.1 }),
      new Flatten(),
      new Dense(84, 10, { rng }),
    ),
};
