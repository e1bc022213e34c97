import { type Axis, axisFor } from "./axis.ts";
import { format } from "./format.ts";
import type { SnnLayer, SnnReportData } from "./result.ts";

const WIDTH = 760;
const HEIGHT = 576;
const TOP = { variance: 88, mean: 320 };
const LEFT = 84;
const RIGHT = WIDTH - 24;
const PANEL_HEIGHT = 190;
const FONT = 'font-family="system-ui, sans-serif" font-size="13" fill="#333"';
const BAND = "#c9dff5";
const THEORY = "#b5521b";
const INSIDE = "#1b4f8f";
const OUTSIDE = "#c2185b";

/**
 * A report as a figure: the text of an SVG file without references to others.
 *
 * @internal
 */
export function figure(report: SnnReportData): string {
  const { layers, samples } = report;
  const banded = layers.some(({ band }) => band !== null);
  const title = `Variance and mean of ${layers.length} layers for ${samples} samples`;
  const last = layers[layers.length - 1];
  const description =
    `From input to last layer the variance goes from ${format(report.input.variance)} to ${format(last.variance)}, ` +
    `the mean from ${format(report.input.mean)} to ${format(last.mean)}.`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${title}</title>`,
    `<desc>${description}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    `<text x="${LEFT}" y="26" ${FONT} font-weight="bold">${title}</text>`,
    legend(banded),
    panel(report, "variance"),
    panel(report, "mean"),
    layerAxis(layers.length, TOP.mean + PANEL_HEIGHT),
    "</svg>\n",
  ].join("\n");
}

function legend(banded: boolean): string {
  const y = 48;
  const item = (x: number, mark: string, text: string): string =>
    `${mark}<text x="${x + 30}" y="${y + 4}" ${FONT}>${text}</text>`;
  const own = item(LEFT, circle(LEFT + 14, y), "measured");
  if (!banded) return own;
  return [
    own,
    item(LEFT + 116, square(LEFT + 130, y), "outside the band"),
    item(LEFT + 278, `<path d="M${LEFT + 280} ${y}h24" ${LINE}/>`, "theory"),
    item(
      LEFT + 372,
      `<rect x="${LEFT + 374}" y="${y - 7}" width="24" height="14" fill="${BAND}"/>`,
      "95 % of nets with LeCun weights",
    ),
  ].join("\n");
}

const LINE = `fill="none" stroke="${THEORY}" stroke-width="2"`;

function circle(x: number, y: number): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="4" fill="${INSIDE}"/>`;
}

function square(x: number, y: number): string {
  return `<rect x="${round(x - 4)}" y="${round(y - 4)}" width="8" height="8" fill="${OUTSIDE}"/>`;
}

/** Mean or variance over the layers; the input is number 0. */
function panel({ layers, input }: SnnReportData, what: "mean" | "variance"): string {
  const top = TOP[what];
  const values = layers.flatMap((layer) => [
    layer[what],
    ...(layer.band?.[what] ?? []),
    ...(layer.theory ? [layer.theory[what]] : []),
  ]);
  const target = what === "mean" ? 0 : 1;
  const axis = axisFor([target, input[what], ...values], what === "variance");
  const bottom = top + PANEL_HEIGHT;
  const y = (value: number): number => bottom - PANEL_HEIGHT * axis.place(value);
  const x = (layer: number): number => placeOf(layer, layers.length);
  const half = (x(1) - x(0)) / 2;
  const bands = layers.map(({ band }, i) => {
    if (band === null) return "";
    const [low, high] = band[what];
    const corner = `x="${round(x(i + 1) - half)}" y="${round(y(high))}"`;
    return `<rect ${corner} width="${round(2 * half)}" height="${round(y(low) - y(high))}" fill="${BAND}" shape-rendering="crispEdges"/>`;
  });
  const points = [
    { value: input[what], name: "input", outside: false },
    ...layers.map((layer, i) => pointOf(layer, i, what)),
  ];
  const marks = points.map(({ value, name, outside }, i) => {
    if (!Number.isFinite(value)) return "";
    const mark = outside ? square(x(i), y(value)) : circle(x(i), y(value));
    return mark.replace(
      "/>",
      `><title>${name}: ${what} ${format(value)}</title></${outside ? "rect" : "circle"}>`,
    );
  });
  return [
    ...bands,
    grid(axis, y, target),
    `<text x="${LEFT}" y="${top - 6}" ${FONT}>${what}</text>`,
    `<path d="${theoryPath(layers, input[what], what, x, y)}" ${LINE}/>`,
    ...marks,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function pointOf(
  layer: SnnLayer,
  i: number,
  what: "mean" | "variance",
): { value: number; name: string; outside: boolean } {
  const outside = layer.outside.includes(what);
  return { value: layer[what], name: escaped(`layer ${i + 1}, ${layer.name}`), outside };
}

/** The line of the theory, with gaps at layers without theory; after a gap it starts from the measured value. */
function theoryPath(
  layers: readonly SnnLayer[],
  start: number,
  what: "mean" | "variance",
  x: (layer: number) => number,
  y: (value: number) => number,
): string {
  let before = start;
  return layers
    .map(({ theory, ...layer }, i) => {
      const from = before;
      before = theory?.[what] ?? layer[what];
      if (theory === null || !Number.isFinite(from)) return "";
      return `M${round(x(i))} ${round(y(from))}L${round(x(i + 1))} ${round(y(theory[what]))}`;
    })
    .join("");
}

/** Horizontal lines; the target of a self-normalizing net has a darker one. */
function grid(axis: Axis, y: (value: number) => number, target: number): string {
  const lines = axis.ticks.map(
    ({ value, label }) =>
      `<path d="M${LEFT} ${round(y(value))}H${RIGHT}" stroke="#ddd"/>` +
      `<text x="${LEFT - 10}" y="${round(y(value) + 4)}" text-anchor="end" ${FONT}>${label}</text>`,
  );
  return [
    ...lines,
    `<path d="M${LEFT} ${round(y(target))}H${RIGHT}" stroke="#888" stroke-dasharray="4 4"/>`,
  ].join("\n");
}

function layerAxis(count: number, bottom: number): string {
  const step = Math.max(1, Math.ceil(count / 10));
  const numbers = Array.from({ length: Math.floor(count / step) + 1 }, (_, i) => i * step);
  const labels = numbers.map(
    (layer) =>
      `<text x="${round(placeOf(layer, count))}" y="${bottom + 22}" text-anchor="middle" ${FONT}>${layer === 0 ? "input" : layer}</text>`,
  );
  const middle = (LEFT + RIGHT) / 2;
  return [...labels, `<text x="${middle}" y="${bottom + 46}" text-anchor="middle" ${FONT}>layer</text>`].join(
    "\n",
  );
}

/** The x of a layer: the input is half a step from the left edge, the last layer half a step from the right edge. */
function placeOf(layer: number, count: number): number {
  return LEFT + ((RIGHT - LEFT) * (layer + 0.5)) / (count + 1);
}

function round(value: number): number {
  return Number(value.toFixed(1));
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
