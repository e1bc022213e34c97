/**
 * 08: a GRU forecasts a series from its last 24 values, and marks the values that it did not expect.
 *
 * Writes out/series.svg: the series (blue), the forecasts (orange), the anomalies that were put in (grey), and the values
 * that were marked (circles). The net learns from the values left of the dashed line.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { backward, createRng, math, mse, type Rng } from "@gradus/core";
import { windows } from "@gradus/data";
import { compile } from "@gradus/engine";
import { Dense, GRU, namedParameters, Sequential } from "@gradus/nn";
import { Adam } from "@gradus/optim";

const LENGTH = 24;
const LEARNED = 360;
/** First and last step of each anomaly: a jump, a sensor that stands still, a weak beat. */
const ANOMALIES: readonly (readonly [first: number, last: number])[] = [
  [420, 420],
  [481, 490],
  [560, 566],
];

/** Two waves, noise and the anomalies: [640, 1]. */
function series(rng: Rng): number[][] {
  const noise = rng.normal([640], { std: 0.05 }).data;
  const wave = (t: number): number =>
    math.sin((2 * Math.PI * t) / 24) + 0.5 * math.sin((2 * Math.PI * t) / 80);
  const values = Array.from(noise, (error, t) => wave(t) + error);
  const [[jump], [still, end], [from, to]] = ANOMALIES;
  values[jump] += 1;
  values.fill(values[still], still, end + 1);
  for (let t = from; t <= to; t++) values[t] *= 0.2;
  return values.map((value) => [value]);
}

function picture(values: readonly number[], forecasts: Float64Array, found: readonly number[]): string {
  const [x, y] = [(t: number) => 10 + 1.5 * t, (value: number) => (115 - 50 * value).toFixed(1)];
  const line = (points: Iterable<number>, first: number, colour: string): string => {
    const places = Array.from(points, (value, i) => `${x(first + i)},${y(value)}`);
    return `<polyline fill="none" stroke="${colour}" points="${places.join(" ")}"/>`;
  };
  const grey = ANOMALIES.map(([first, last]) => {
    return `<rect x="${x(first - 2)}" width="${x(last + 2) - x(first - 2)}" height="230" fill="#ddd"/>`;
  });
  const circles = found.map((t) => `<circle cx="${x(t)}" cy="${y(values[t])}" r="4"/>`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 230" role="img">
<title>A series, the forecasts of a GRU, and the values that it did not expect</title>
<rect width="980" height="230" fill="white"/>${grey.join("")}
<path d="M${x(LEARNED)} 0V230" stroke="#888" stroke-dasharray="4"/>
${line(values, 0, "#0072b2")}${line(forecasts, LENGTH, "#e69f00")}
<g fill="none" stroke="#d55e00" stroke-width="1.5">${circles}</g></svg>\n`;
}

export function main({ steps = 300 } = {}): { losses: number[]; found: number[]; file: string } {
  mkdirSync("out", { recursive: true });
  const rng = createRng("series");
  const values = series(rng.split("noise"));
  const { inputs, targets } = windows(values.slice(0, LEARNED), { length: LENGTH }).all(); // [336, 24, 1], [336, 1]
  const gru = new GRU(1, 16, { rng: rng.split("gru") });
  const net = new Sequential(gru, new Dense(16, 1, { rng: rng.split("output") }));
  const adam = new Adam(namedParameters(net), { learningRate: 0.01 });
  const step = compile(() => {
    const loss = mse(net.forward(inputs), targets);
    adam.step(backward(loss));
    return loss;
  });
  const losses = Array.from({ length: steps }, () => step().item());
  const forecasts = net.forward(windows(values, { length: LENGTH }).all().inputs).data;
  const limit = 5 * Math.sqrt(losses[steps - 1]); // five times the root of the mean squared error
  const found = Array.from(forecasts, (_, i) => LENGTH + i).filter(
    (t) => t >= LEARNED && Math.abs(values[t][0] - forecasts[t - LENGTH]) > limit,
  );
  const file = "out/series.svg";
  writeFileSync(file, picture(values.flat(), forecasts, found));
  const fall = `${losses[0].toFixed(3)} → ${losses[steps - 1].toFixed(5)}`;
  console.log(`loss ${fall}, not expected at ${found.join(", ")}; wrote ${file}`);
  return { losses, found, file };
}
