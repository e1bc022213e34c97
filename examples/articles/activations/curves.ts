/** Curves of activation functions and their derivatives, drawn from the ops and their gradients. */
import { createRng, grad, linspace, type Tensor, type TensorFunction, tensor } from "@gradus/core";
import { prelu, rrelu } from "@gradus/nn";
import { toSvg } from "../../shared/chart.ts";
import { type Activation, PRELU_START, slopeOf } from "./functions.ts";

/** One point of a curve. The two sides of 0 are separate lines, so that a jump is not drawn as a steep line. */
export interface CurvePoint {
  readonly x: number;
  readonly y: number;
  readonly curve: string;
  readonly side: "left" | "right";
}

/** An end of a line at a jump: a full dot is the value at 0, a hollow dot a one-sided limit. */
export interface JumpEnd {
  readonly x: 0;
  readonly y: number;
  readonly curve: string;
  readonly reached: boolean;
}

export interface Curves {
  readonly points: readonly CurvePoint[];
  readonly jumps: readonly JumpEnd[];
}

const NAMES = ["f(x)", "f′(x)", "f″(x)"] as const;

/** f and its first two derivatives on [-width, width]. */
export function curvesOf(f: TensorFunction, width: number, perSide = 150): Curves {
  const functions = [f, slopeOf(f), slopeOf(slopeOf(f))];
  return join(functions.map((g, order) => curve(NAMES[order], g, width, perSide)));
}

/** The gradient of a PReLU with respect to its slope, at every x: each x is a channel with its own slope. */
export function slopeGradient(width: number, perSide = 150): Curves {
  return join([curve("∂f/∂slope", prelusSlopeGradient, width, perSide)]);
}

const prelusSlopeGradient = (x: Tensor): Tensor =>
  grad((slopes: Tensor) => prelu(x.reshape({ shape: [1, x.size] }), slopes).sum())(
    tensor(new Float64Array(x.size).fill(PRELU_START)),
  );

function curve(name: string, f: TensorFunction, width: number, perSide: number): Curves {
  const left = line(name, f, "left", linspace(-width, -Number.MIN_VALUE, perSide));
  const right = line(name, f, "right", linspace(Number.MIN_VALUE, width, perSide));
  const limits = [left[perSide - 1].y, right[0].y];
  const [at] = f(tensor([0])).data;
  const jump = Math.abs(limits[0] - limits[1]) > 1e-9;
  const ends = jump
    ? [...new Set([...limits, at])].map((y) => ({ x: 0 as const, y, curve: name, reached: y === at }))
    : [];
  return { points: [...left, ...right], jumps: ends };
}

function line(name: string, f: TensorFunction, side: CurvePoint["side"], x: Tensor): CurvePoint[] {
  const y = f(x).data;
  return [...x.data].map((value, i) => ({ x: value, y: y[i], curve: name, side }));
}

const join = (parts: readonly Curves[]): Curves => ({
  points: parts.flatMap(({ points }) => points),
  jumps: parts.flatMap(({ jumps }) => jumps),
});

/** The values of an RReLU in training: a slope is drawn for each x. */
export function randomSlopes(width: number, count: number): { x: number; y: number }[] {
  const rng = createRng("rrelu");
  const x = rng.uniform([count], { low: -width, high: 0 });
  const y = rrelu(x, { rng: rng.split("slopes") });
  return [...x.data].map((value, i) => ({ x: value, y: y.data[i] }));
}

/** The figure of one function with its first two derivatives. SELU is drawn on [-2, 2], as the articles do. */
export function figureOf({ id, name, f }: Activation): Promise<string> {
  const width = { selu: 2, sigmoid: 6 }[id] ?? 3;
  const curves = curvesOf(f, width);
  const all = id === "prelu" ? join([curves, slopeGradient(width)]) : curves;
  return draw(name, all, id === "rrelu" ? randomSlopes(width, 120) : []);
}

/** The style of grid lines: those through 0 are darker. */
const AXIS = {
  gridColor: { condition: { test: "datum.value === 0", value: "#888" }, value: "#e4e4e4" },
} as const;

function draw(
  name: string,
  { points, jumps }: Curves,
  dots: readonly { readonly x: number; readonly y: number }[],
): Promise<string> {
  const names = [...new Set(points.map(({ curve }) => curve))];
  const x = { field: "x", type: "quantitative", title: "x", axis: AXIS } as const;
  const y = { field: "y", type: "quantitative", title: null, axis: AXIS } as const;
  const legend = { orient: "top", symbolType: "stroke", symbolSize: 900, symbolStrokeWidth: 2.5 } as const;
  const color = { field: "curve", type: "nominal", scale: { domain: names }, title: null, legend } as const;
  const dash = { domain: names, range: [[], [8, 3], [2, 3], [8, 3, 2, 3]].slice(0, names.length) };
  return toSvg(
    {
      title: name,
      width: 380,
      height: 280,
      layer: [
        {
          data: { values: dots.map((dot) => ({ ...dot })) },
          mark: { type: "circle", size: 14, color: "#888" },
          encoding: { x, y },
        },
        {
          data: { values: points.map((point) => ({ ...point })) },
          mark: { type: "line", strokeWidth: 2.5 },
          encoding: {
            x,
            y,
            color,
            strokeDash: { field: "curve", type: "nominal", scale: dash, title: null },
            detail: { field: "side" },
          },
        },
        {
          data: { values: jumps.filter(({ reached }) => !reached) },
          mark: { type: "point", fill: "white", opacity: 1, strokeWidth: 2, size: 45 },
          encoding: { x, y, color },
        },
        {
          data: { values: jumps.filter(({ reached }) => reached) },
          mark: { type: "circle", opacity: 1, size: 60 },
          encoding: { x, y, color },
        },
      ],
    },
    dots.length > 0
      ? `${name}: ${names.join(", ")}, and values of training with random slopes`
      : `${name}: ${names.join(", ")}`,
  );
}
