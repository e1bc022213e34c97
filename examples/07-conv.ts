/**
 * 07: a small convolutional net learns digits, and a picture of the filters of its first layer.
 *
 * Writes out/filters.svg: each column has a 5 × 5 filter and what it finds in three digits. Blue is negative, orange positive.
 * `pnpm mnist --preset lenet` trains a larger net on all images.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { backward, createRng, crossEntropy, type Tensor } from "@gradus/core";
import { standardize } from "@gradus/data";
import { loadMnist } from "@gradus/data/node";
import { compile } from "@gradus/engine";
import { Conv2d, Dense, Flatten, MaxPool2d, namedParameters, normal, SELU, Sequential } from "@gradus/nn";
import { Adam, linearDecay } from "@gradus/optim";

const [FILTERS, BATCH] = [8, 32];

/** Numbers as an image of side × side pixels, 60 units wide; the largest magnitude has the full colour. */
function image(values: ArrayLike<number>, side: number, x: number, y: number): string {
  const most = Math.max(...Array.from(values, Math.abs), 1e-300);
  const squares = Array.from(values, (value, i) => {
    const opacity = (Math.abs(value) / most).toFixed(2);
    if (opacity === "0.00") return "";
    const place = `M${i % side} ${Math.floor(i / side)}h1v1h-1z`;
    return `<path d="${place}" fill="${value < 0 ? "#0072b2" : "#d55e00"}" opacity="${opacity}"/>`;
  });
  const frame = `<rect width="${side}" height="${side}" fill="none" stroke="#888" stroke-width="${side / 60}"/>`;
  return `<g transform="translate(${x} ${y}) scale(${60 / side})">${squares.join("")}${frame}</g>`;
}

function picture(filters: Tensor, digits: Tensor, found: Tensor): string {
  const channel = ({ data }: Tensor, c: number) => data.filter((_, i) => i % FILTERS === c); // the last axis
  const images = [0, 1, 2].map((d) => image(digits.data.slice(784 * d, 784 * (d + 1)), 28, 10, 80 + 70 * d));
  for (let c = 0; c < FILTERS; c++) {
    images.push(image(channel(filters, c), 5, 80 + 70 * c, 10));
    const maps = channel(found, c);
    for (let d = 0; d < 3; d++)
      images.push(image(maps.slice(576 * d, 576 * (d + 1)), 24, 80 + 70 * c, 80 + 70 * d));
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 290" role="img">
<title>The filters of a convolution that has learned digits, and what they find in three digits</title>
<rect width="640" height="290" fill="white"/><g shape-rendering="crispEdges">${images.join("\n")}</g></svg>\n`;
}

export async function main({ steps = 400 } = {}): Promise<{ losses: number[]; file: string }> {
  mkdirSync("out", { recursive: true });
  const mnist = await loadMnist();
  const transform = standardize(mnist.train.take(5000), { per: "all" });
  const [train, test] = [mnist.train.with({ transform }), mnist.test.take(1000).with({ transform })];
  const rng = createRng("conv");
  // The weights start near 0, so that the picture shows what was learned.
  const first = new Conv2d(1, FILTERS, 5, { rng: rng.split("conv"), init: normal({ mean: 0, std: 0.02 }) });
  const net = new Sequential(
    (x: Tensor) => x.reshape({ shape: [-1, 28, 28, 1] }),
    first, // [n, 24, 24, 8]
    new SELU(),
    new MaxPool2d(4), // [n, 6, 6, 8]
    new Flatten(),
    new Dense(36 * FILTERS, 10, { rng: rng.split("output") }),
  );
  const adam = new Adam(namedParameters(net), { learningRate: linearDecay(0.01, { steps, to: 0 }) });
  const step = compile((images: Tensor, labels: Tensor) => {
    const loss = crossEntropy(net.forward(images), labels);
    adam.step(backward(loss));
    return loss;
  });
  const losses = Array.from({ length: steps }, (_, i) => {
    const { inputs, targets } = train.slice(BATCH * i, BATCH * (i + 1)).all();
    return step(inputs, targets).item();
  });
  const { inputs, targets } = test.all();
  const accuracy = net.forward(inputs).argmax({ axis: 1 }).equal(targets).mean().item();
  const three = mnist.test.take(3).all().inputs;
  const found = first.forward(inputs.slice({ axis: 0, end: 3 }).reshape({ shape: [3, 28, 28, 1] }));
  const file = "out/filters.svg";
  writeFileSync(file, picture(first.weight, three, found));
  const fall = `${losses[0].toFixed(2)} → ${losses[steps - 1].toFixed(2)}`;
  console.log(`loss ${fall}, accuracy on 1000 test images ${(100 * accuracy).toFixed(1)} %; wrote ${file}`);
  return { losses, file };
}
