import { createRng, type Tensor } from "@gradus/core";
import { Dense, type Layer, ReLU, SELU, Sequential, Tanh, uniform } from "@gradus/nn";
import { describe, expect, test } from "vitest";
import { axisFor } from "../../src/snn-report/axis.ts";
import { snnReport } from "../../src/snn-report.ts";
import { even, netOf } from "./support.ts";

const rng = createRng("figure");

/** The elements of one kind, as their attributes. */
function elements(svg: string, tag: string): Record<string, string>[] {
  return [...svg.matchAll(new RegExp(`<${tag} ([^>]*?)/?>`, "g"))].map(([, text]) =>
    Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
  );
}

/** Whether every tag is closed, in order. */
function isWellFormed(svg: string): boolean {
  const open: string[] = [];
  for (const [, closing, name, , selfClosing] of svg.matchAll(
    /<(\/?)(\w+)((?:\s[\w-]+="[^"<&]*")*)\s*(\/?)>/g,
  )) {
    if (closing) {
      if (open.pop() !== name) return false;
    } else if (!selfClosing) open.push(name);
  }
  const text = svg.replace(/<(\/?)(\w+)((?:\s[\w-]+="[^"<&]*")*)\s*(\/?)>/g, "");
  return open.length === 0 && !/[<>]|&(?!amp;|lt;|gt;)/.test(text);
}

describe("a report as a figure", () => {
  const report = snnReport(netOf(even(8, 40), rng), rng.normal([60, 40]));
  const svg = report.toSVG();

  test("is a complete SVG file with a title and a description for screen readers", () => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^>]* viewBox="0 0 760 576" role="img">/,
    );
    expect(svg).toContain("<title>Variance and mean of 8 layers for 60 samples</title>");
    expect(svg).toMatch(/<desc>From input to last layer the variance goes from \d/);
    expect(svg).not.toMatch(/href|url\(|<script|<style/);
    expect(isWellFormed(svg)).toBe(true);
    expect(elements(svg, "rect")[0]).toMatchObject({ width: "760", height: "576", fill: "white" });
  });

  test("has legible text and nothing outside of the picture", () => {
    for (const { "font-size": size, x, y } of elements(svg, "text")) {
      expect(Number(size)).toBeGreaterThanOrEqual(12);
      expect(Number(x)).toBeLessThan(760);
      expect(Number(y)).toBeLessThan(576);
    }
    for (const { cx, cy } of elements(svg, "circle")) {
      expect(Number(cx)).toBeGreaterThan(84);
      expect(Number(cx)).toBeLessThan(736);
      expect(Number(cy)).toBeGreaterThan(40);
      expect(Number(cy)).toBeLessThan(512);
    }
  });

  test("shows every layer: a point for each value, its band and its theory", () => {
    const points =
      elements(svg, "circle").length + elements(svg, "rect").filter(({ width }) => width === "8").length;
    expect(points).toBe(2 * 9 + 2);
    expect(elements(svg, "rect").filter(({ fill }) => fill === "#c9dff5")).toHaveLength(2 * 8 + 1);
    const pieces = elements(svg, "path").filter(({ stroke }) => stroke === "#b5521b");
    expect(pieces.map(({ d }) => d.split("M").length - 1)).toEqual([1, 8, 8]);
    expect(svg).toContain("<title>layer 3, 40→40 SELU: variance ");
  });

  test("points are higher for larger values, and in the band's rectangle if they are in the band", () => {
    const far = snnReport(netOf(even(3, 40), rng, uniform({ low: -0.05, high: 0.05 })), rng.normal([60, 40]));
    for (const shown of [report, far]) {
      const { layers, input } = shown;
      const drawn = shown.toSVG();
      // The variance is drawn first, and every point says which one it is.
      const points = [
        ...drawn.matchAll(/ (?:cy|y)="([\d.]+)"[^>]*><title>(?:input|layer \d+)[^<]*: variance/g),
      ].map(([text, y]) => Number(y) + (text.startsWith(" cy") ? 0 : 4));
      const values = [input, ...layers].map(({ variance }) => variance);
      expect(points).toHaveLength(values.length);
      values.forEach((value, i) => {
        values.forEach((other, j) => {
          if (value > 1.001 * other) expect(points[i]).toBeLessThanOrEqual(points[j]);
        });
      });
      const bands = elements(drawn, "rect").filter(({ fill }) => fill === "#c9dff5");
      layers.forEach(({ outside }, i) => {
        const [top, height] = [Number(bands[i + 1].y), Number(bands[i + 1].height)];
        expect(height).toBeGreaterThan(0);
        const inside = points[i + 1] >= top - 0.2 && points[i + 1] <= top + height + 0.2;
        expect(inside).toBe(!outside.includes("variance"));
      });
    }
  });

  test("marks values outside by shape and by colour", () => {
    const far = snnReport(netOf(even(3, 40), rng, uniform({ low: -0.05, high: 0.05 })), rng.normal([60, 40]));
    const count = far.layers.reduce((sum, { outside }) => sum + outside.length, 0);
    expect(count).toBeGreaterThan(2);
    expect(elements(far.toSVG(), "rect").filter(({ fill }) => fill === "#c2185b")).toHaveLength(count + 1);
  });

  test("without band and theory, and with a gap in both", () => {
    const plain = snnReport(
      netOf(even(2, 20), rng, undefined, () => new ReLU()),
      rng.normal([9, 20]),
    ).toSVG();
    expect(elements(plain, "rect")).toHaveLength(1);
    expect(isWellFormed(plain)).toBe(true);
    const layers = [new SELU(), new Tanh(), new SELU()];
    const gap = new Sequential(...layers.flatMap((layer) => [new Dense(20, 20, { rng }), layer]));
    const pieces = elements(snnReport(gap, rng.normal([9, 20])).toSVG(), "path").filter(
      ({ stroke }) => stroke === "#b5521b",
    );
    expect(pieces.map(({ d }) => d.split("M").length - 1)).toEqual([1, 2, 2]);
  });

  test("escapes the names of layers", () => {
    class Odd implements Layer {
      forward(x: Tensor): Tensor {
        return x;
      }
      toString(): string {
        return "<A & B>";
      }
    }
    const svgOfOdd = snnReport(
      new Sequential(new Dense(5, 5, { rng }), new SELU(), new Odd()),
      rng.normal([9, 5]),
    ).toSVG();
    expect(svgOfOdd).toContain("&lt;A &amp; B&gt;");
    expect(isWellFormed(svgOfOdd)).toBe(true);
  });
});

describe("an axis", () => {
  test("is logarithmic for more than a decade, if logarithmic is set", () => {
    const decades = axisFor([1e-38, 1, 0.5], true);
    expect(decades.place(1e-38)).toBe(0);
    expect(decades.place(1)).toBe(1);
    expect(decades.place(1e-19)).toBeCloseTo(0.5, 12);
    expect(decades.place(0)).toBe(0);
    expect(decades.ticks.map(({ label }) => label)).toEqual([
      "1e-38",
      "1e-31",
      "1e-24",
      "1e-17",
      "1e-10",
      "0.001",
    ]);
    expect(axisFor([0.9, 1.2], true).place(1.05)).toBeCloseTo(0.5, 12);
    expect(axisFor([1, 1000], false).place(500.5)).toBeCloseTo(0.5, 12);
  });

  test("has round ticks, and space around its values", () => {
    const axis = axisFor([0.93, 1.11, Number.NaN], true);
    expect(axis.ticks.map(({ label }) => label)).toEqual(["0.95", "1", "1.05", "1.1"]);
    expect(axis.place(0.93)).toBeGreaterThan(0);
    expect(axis.place(1.11)).toBeLessThan(1);
    expect(axisFor([0, 0], false).place(0)).toBeCloseTo(0.5, 12);
  });
});
