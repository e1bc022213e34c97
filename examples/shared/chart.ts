/**
 * Draws charts without a browser: turns a Vega-Lite specification into the text of an SVG file.
 */
import * as vega from "vega";
import { type Config, compile, type TopLevelSpec } from "vega-lite";
import { escaped } from "./xml.ts";

const GREY = "#444";

/** The common settings of all charts. */
const config: Config = {
  background: "white",
  padding: 10,
  font: "system-ui, sans-serif",
  aria: false, // the whole picture has a title; a label on each mark would only make the file larger
  // Okabe & Ito 2008: colours that colour-blind readers tell apart too.
  range: { category: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"] },
  title: { fontSize: 15, fontWeight: "normal", color: GREY, subtitleFontSize: 12, subtitleColor: GREY },
  axis: {
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: "normal",
    labelColor: GREY,
    titleColor: GREY,
    gridColor: "#e4e4e4",
    domainColor: "#888",
    tickColor: "#888",
  },
  legend: {
    labelFontSize: 13,
    labelLimit: 0,
    titleFontSize: 13,
    titleFontWeight: "normal",
    labelColor: GREY,
  },
  header: { labelFontSize: 13, titleFontSize: 13, titleFontWeight: "normal", labelColor: GREY },
  mark: { color: "#0072b2" },
  text: { fontSize: 12, color: GREY },
  view: { stroke: null },
};

/** Attributes for scripts, styles and screen readers, which these files do not need. */
const SUPERFLUOUS = / (?:aria-[a-z]+|class|role|pointer-events)="[^"]*"| opacity="1"/g;

/**
 * A chart as the text of an SVG file. Coordinates are rounded to hundredths of a pixel, which keeps files small.
 *
 * @param spec the Vega-Lite specification; the common settings are its defaults.
 * @param title a description of the picture, for screen readers.
 * @example writeFileSync("square.svg", await toSvg({ data, mark: "line", encoding }, "A parabola"));
 */
export async function toSvg(spec: TopLevelSpec, title: string): Promise<string> {
  const view = new vega.View(vega.parse(compile(spec, { config }).spec), { renderer: "none" });
  try {
    const svg = (await view.toSVG()).replace(SUPERFLUOUS, "");
    const rounded = svg.replace(/ (d|transform|x|y|x1|x2|y1|y2|width|height)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{3,}(e[-+]?\d+)?/g, (number) => String(Number(Number(number).toFixed(2)))),
    );
    return `${rounded.replace(/^<svg([^>]*)>/, (_, rest) => `<svg${rest} role="img"><title>${escaped(title)}</title>`)}\n`;
  } finally {
    view.finalize();
  }
}
