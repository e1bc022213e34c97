/**
 * 06: two intertwined spirals, and a picture of the learned classes.
 *
 * Writes out/spirals.svg: the points, and the plane coloured by the predicted class.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { backward, createRng, crossEntropy, type Tensor, tensor } from "@gradus/core";
import { spirals } from "@gradus/data";
import { Dense, namedParameters, SELU, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";

/** The plane as coloured squares, the points as dots. */
function picture(net: Sequential, points: Tensor, labels: Tensor): string {
  const cells = 80;
  const scale = 480 / cells;
  const centres = Array.from({ length: cells * cells }, (_, i) => [
    (2 * ((i % cells) + 0.5)) / cells - 1,
    1 - (2 * (Math.floor(i / cells) + 0.5)) / cells,
  ]);
  const second = net.forward(tensor(centres)).softmax({ axis: 1 }).slice({ axis: 1, start: 1 }).data;
  const colour = (i: number): string => {
    const opacity = (0.15 + 0.6 * Math.abs(second[i] - 0.5)).toFixed(2);
    return `fill="${second[i] > 0.5 ? "#e8935f" : "#5f9fe8"}" fill-opacity="${opacity}"`;
  };
  let squares = "";
  for (let i = 0, end = 1; i < second.length; i = end++) {
    while (end % cells !== 0 && colour(end) === colour(i)) end++; // neighbours of one colour are one rectangle
    const [x, y] = [(i % cells) * scale, Math.floor(i / cells) * scale];
    squares += `<rect x="${x}" y="${y}" width="${(end - i) * scale}" height="${scale}" ${colour(i)}/>`;
  }
  const dots = [...labels.data].map((label, i) => {
    const [x, y] = [240 * (1 + points.data[2 * i]), 240 * (1 - points.data[2 * i + 1])].map((value) =>
      value.toFixed(1),
    );
    return `<circle cx="${x}" cy="${y}" r="3" fill="${label ? "#b5521b" : "#1b5fb5"}" stroke="white" stroke-width="0.7"/>`;
  });
  const title = "<title>Two spirals and the decision boundary of a SELU net</title>";
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 480" role="img">${title}<rect width="480" height="480" fill="white"/><g shape-rendering="crispEdges">${squares}</g>${dots.join("")}</svg>\n`;
}

export function main({ steps = 400 }: { steps?: number } = {}): {
  losses: number[];
  accuracy: number;
  file: string;
} {
  mkdirSync("out", { recursive: true });
  const rng = createRng("spirals");
  const { inputs: points, targets: labels } = spirals({ rng: rng.split("points") }).all();
  const net = new Sequential(
    new Dense(2, 32, { rng: rng.split("1") }),
    new SELU(),
    new Dense(32, 32, { rng: rng.split("2") }),
    new SELU(),
    new Dense(32, 2, { rng: rng.split("3") }),
  );
  const adam = new Adam(namedParameters(net), { learningRate: 0.01 });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const loss = crossEntropy(net.forward(points), labels);
    adam.step(backward(loss));
    losses.push(loss.item());
  }
  const accuracy = net.forward(points).argmax({ axis: 1 }).equal(labels).mean().item();
  const file = "out/spirals.svg";
  writeFileSync(file, picture(net, points, labels));
  console.log(
    `loss ${losses[0].toFixed(3)} → ${losses[losses.length - 1].toFixed(4)}, accuracy ${(100 * accuracy).toFixed(1)} %; wrote ${file}`,
  );
  return { losses, accuracy, file };
}
