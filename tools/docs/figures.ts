/**
 * Draws docs/figures from runs: `pnpm docs:figures`. Every number in a picture
 * comes from the run that draws it.
 */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createRng, crossEntropy } from "@gradus/core";
import { loadMnist } from "@gradus/data/node";
import { namedParameters } from "@gradus/nn";
import { evaluate, fit as fitNet } from "@gradus/train";
import { main as spirals } from "../../examples/06-spirals.ts";
import { presets } from "../../examples/mnist/presets.ts";

const folder = fileURLToPath(new URL("../../docs/figures/", import.meta.url));

type Point = readonly [x: number, y: number];

/** The run of `pnpm mnist` with its defaults: the mean loss of parts of training, and the validation loss after each epoch. */
async function trainOnMnist(): Promise<{
  training: Point[];
  heldOut: Point[];
  accuracy: number;
  steps: number;
}> {
  const preset = presets.quick;
  const mnist = await loadMnist();
  const train = mnist.train.slice(preset.heldOut);
  const rng = createRng("1");
  const net = preset.net(rng.split("weights"));
  const losses: number[] = [];
  const steps = preset.epochs * Math.ceil(train.size / preset.batchSize);
  const history = await fitNet(net, preset.prepare(train, train), {
    optimizer: preset.optimizer(namedParameters(net), steps),
    loss: crossEntropy,
    epochs: preset.epochs,
    batchSize: preset.batchSize,
    rng: rng.split("training"),
    validation: preset.prepare(mnist.train.take(preset.heldOut), train),
    callbacks: [{ onBatchEnd: ({ loss }) => losses.push(loss) }],
  });
  const stretch = 20;
  const training = Array.from({ length: Math.floor(losses.length / stretch) }, (_, i): Point => {
    const part = losses.slice(i * stretch, (i + 1) * stretch);
    return [(i + 0.5) * stretch, part.reduce((sum, loss) => sum + loss, 0) / stretch];
  });
  const perEpoch = steps / preset.epochs;
  const heldOut = history.epochs.map(({ epoch, valLoss = Number.NaN }): Point => [epoch * perEpoch, valLoss]);
  const { accuracy = Number.NaN } = evaluate(net, preset.prepare(mnist.test, train), {
    loss: crossEntropy,
  });
  return { training, heldOut, accuracy, steps };
}

const TEXT = 'font-family="system-ui, sans-serif" font-size="14" fill="#444"';

/** Two series over the steps of a training. */
function lossCurve({ training, heldOut, accuracy, steps }: Awaited<ReturnType<typeof trainOnMnist>>): string {
  const [left, right, top, bottom] = [48, 456, 40, 430];
  const highest = Math.ceil(Math.max(...training.map(([, loss]) => loss)) * 5) / 5;
  const x = (step: number): string => (left + ((right - left) * step) / steps).toFixed(1);
  const y = (loss: number): string => (bottom - ((bottom - top) * loss) / highest).toFixed(1);
  const lines = Array.from({ length: Math.round(highest / 0.2) + 1 }, (_, i) => {
    const loss = 0.2 * i;
    return `<path d="M${left} ${y(loss)}H${right}" stroke="#ddd"/><text x="${left - 8}" y="${y(loss)}" dy="5" text-anchor="end" ${TEXT}>${loss.toFixed(1)}</text>`;
  });
  const epochs = heldOut.map(
    ([step], i) => `<text x="${x(step)}" y="${bottom + 22}" text-anchor="end" ${TEXT}>epoch ${i + 1}</text>`,
  );
  const path = training.map(([step, loss], i) => `${i === 0 ? "M" : "L"}${x(step)} ${y(loss)}`).join("");
  const dots = heldOut.map(
    ([step, loss]) => `<circle cx="${x(step)}" cy="${y(loss)}" r="5" fill="#b5521b" stroke="white"/>`,
  );
  const legend = [
    `<path d="M220 66h24" stroke="#1b5fb5" stroke-width="2"/><text x="252" y="71" ${TEXT}>training, mean of 20 batches</text>`,
    `<circle cx="232" cy="90" r="5" fill="#b5521b"/><text x="252" y="95" ${TEXT}>5,000 images held out</text>`,
    `<text x="252" y="119" ${TEXT}>test accuracy ${(100 * accuracy).toFixed(2)} %</text>`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" role="img"><title>Cross entropy on MNIST over three epochs</title><rect width="480" height="480" fill="white"/><text x="${left}" y="24" ${TEXT}>cross entropy</text>${lines.join("")}${epochs.join("")}<path d="${path}" fill="none" stroke="#1b5fb5" stroke-width="1.5"/>${dots.join("")}${legend.join("")}</svg>\n`;
}

mkdirSync(folder, { recursive: true });
copyFileSync(spirals().file, `${folder}spirals.svg`);
writeFileSync(`${folder}mnist.svg`, lossCurve(await trainOnMnist()));
