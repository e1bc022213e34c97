/** Places for the boxes of a graph, in layers from left to right. */
import { Graph, layout } from "@dagrejs/dagre";
import { brief } from "./brief.ts";
import { BOX_HEIGHT, type Layout, LONGEST } from "./drawing.ts";
import { statesAt, type Walk } from "./walk.ts";

/** The width of a character, and of the room at both sides, in pixels. */
const CHARACTER = 7.2;
/** More boxes are no picture that one can read. */
const MOST = 80;

/** @returns null if there are too many boxes, or none. */
export function layoutOf(walk: Walk): Layout | null {
  const { lines, trace } = walk;
  if (lines.length === 0 || lines.length > MOST) return null;
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 34, marginx: 8, marginy: 8 });
  const states = statesAt(walk, walk.steps.length - 1);
  const widths = lines.map(({ name, made }, i) => {
    const { value, gradient } = states[i];
    const texts = [`${name} ${made.replace(/\(.*$/, "")}`];
    if (value !== null) texts.push(brief(trace.tensors[value]));
    if (gradient !== null) texts.push(`g ${brief(trace.tensors[gradient])}`);
    return Math.max(76, 16 + CHARACTER * Math.min(LONGEST, Math.max(...texts.map(({ length }) => length))));
  });
  for (const [i, width] of widths.entries()) graph.setNode(String(i), { width, height: BOX_HEIGHT });
  const edges = lines.flatMap(({ inputs }, to) => inputs.map((from, i) => ({ from, to, name: String(i) })));
  for (const { from, to, name } of edges) graph.setEdge(String(from), String(to), {}, name);
  layout(graph);
  const round = (x: number): number => Math.round(10 * x) / 10;
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: round(width),
    height: round(height),
    boxes: widths.map((boxWidth, i) => {
      const { x, y } = graph.node(String(i)) as { x: number; y: number };
      return { x: round(x), y: round(y), width: round(boxWidth) };
    }),
    arrows: edges.map(({ from, to, name }) => {
      const { points } = graph.edge(String(from), String(to), name) as { points: { x: number; y: number }[] };
      return { from, to, points: points.map(({ x, y }) => [round(x), round(y)] as const) };
    }),
  };
}
