/**
 * 10: an autoencoder squeezes digits of 784 pixels to 2 numbers, and draws them again.
 *
 * Writes out/autoencoder.svg: left, 1000 test images as points in the plane of the two numbers, coloured by their digit, which
 * the net is never told; right, the images that the decoder draws at the places of a grid over the same plane.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { backward, createRng, mse, type Tensor, tensor } from "@gradus/core";
import { standardize } from "@gradus/data";
import { loadMnist } from "@gradus/data/node";
import { compile } from "@gradus/engine";
import { BatchNorm, Dense, namedParameters, SELU, Sequential, Tanh } from "@gradus/nn";
import { Adam, linearDecay } from "@gradus/optim";

const [BATCH, CELLS, SIDE] = [60, 16, 448];
const COLOURS = "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf".split(" ");

/** The points of the digits, and the drawn images; the plane is [-1, 1]². */
function picture(codes: Tensor, labels: Tensor, drawn: Tensor): string {
  const points = [...labels.data].map((label, i) => {
    const [x, y] = [1 + codes.data[2 * i], 1 - codes.data[2 * i + 1]].map((v) => ((v * SIDE) / 2).toFixed(1));
    return `<text x="${x}" y="${y}" fill="${COLOURS[label]}">${label}</text>`;
  });
  // Two pixels of an image share a side of 448/16/14 = 2 units; each square has the mean of four pixels.
  const squares = Array.from({ length: CELLS * CELLS * 196 }, (_, i) => {
    const [cell, row, column] = [Math.floor(i / 196), Math.floor((i % 196) / 14), i % 14];
    const at = 784 * cell + 56 * row + 2 * column;
    const ink = [0, 1, 28, 29].reduce((sum, offset) => sum + drawn.data[at + offset] / 4, 0);
    if (ink < 0.05) return "";
    const [x, y] = [(cell % CELLS) * 28 + 2 * column, Math.floor(cell / CELLS) * 28 + 2 * row];
    return `<path d="M${x} ${y}h2v2h-2z" opacity="${Math.min(ink, 1).toFixed(1)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * SIDE + 60} ${SIDE + 40}" role="img">
<title>Digits as points in the plane, and the digits that a decoder draws in the same plane</title>
<rect width="${2 * SIDE + 60}" height="${SIDE + 40}" fill="white"/>
<g transform="translate(20 20)" font-family="sans-serif" font-size="9" text-anchor="middle">${points.join("")}</g>
<g transform="translate(${SIDE + 40} 20)" shape-rendering="crispEdges">${squares.join("")}</g></svg>\n`;
}

export async function main({ steps = 1000 } = {}): Promise<{ losses: number[]; file: string }> {
  mkdirSync("out", { recursive: true });
  const mnist = await loadMnist();
  const transform = standardize(mnist.train, { per: "all" }); // mean 0.13, standard deviation 0.31
  const [train, test] = [mnist.train, mnist.test.take(1000)].map((data) => data.with({ transform }));
  const rng = createRng("autoencoder");
  const dense = (inputs: number, outputs: number, name: string): Dense =>
    new Dense(inputs, outputs, { rng: rng.split(name) });
  const hidden = [dense(784, 128, "1"), new SELU(), dense(128, 32, "2"), new SELU()];
  // The plane is [-1, 1]², and BatchNorm keeps the points away from its border, where tanh has no slope.
  const encoder = new Sequential(...hidden, dense(32, 2, "3"), new BatchNorm(2), new Tanh());
  const drawing = [dense(2, 32, "4"), new SELU(), dense(32, 128, "5"), new SELU()];
  const decoder = new Sequential(...drawing, dense(128, 784, "6"));
  const adam = new Adam(namedParameters([encoder, decoder]), {
    learningRate: linearDecay(0.002, { steps, to: 0 }),
  });
  const step = compile((images: Tensor) => {
    const loss = mse(decoder.forward(encoder.forward(images, { train: true, rng })), images);
    adam.step(backward(loss));
    return loss;
  });
  const losses = Array.from({ length: steps }, (_, i) => {
    const start = (BATCH * i) % train.size;
    return step(train.slice(start, start + BATCH).all().inputs).item();
  });
  const { inputs, targets } = test.all();
  const place = (i: number): number => (2 * (i + 0.5)) / CELLS - 1;
  const grid = Array.from({ length: CELLS * CELLS }, (_, i) => [
    place(i % CELLS),
    -place(Math.floor(i / CELLS)),
  ]);
  const drawn = decoder.forward(tensor(grid)).mul(0.31).add(0.13); // pixels in [0, 1] again, nearly
  const file = "out/autoencoder.svg";
  writeFileSync(file, picture(encoder.forward(inputs), targets, drawn));
  console.log(`loss ${losses[0].toFixed(3)} → ${losses[steps - 1].toFixed(3)}; wrote ${file}`);
  return { losses, file };
}
