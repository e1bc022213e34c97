import type { TraceData } from "@gradus/core/watch";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { brief } from "./brief.ts";
import { BOX_HEIGHT, type Layout, LONGEST } from "./drawing.ts";
import { useKept } from "./kept.ts";
import { touchedBy } from "./tape.tsx";
import { type Line, type LineState, statesAt, type Walk } from "./walk.ts";

/** The graph as a drawing. Assistive technology reads the tape, which has the same. */
export function GraphView({ walk, at, layout }: { walk: Walk; at: number; layout: Layout }): VNode {
  const { lines, steps, trace } = walk;
  const states = statesAt(walk, at);
  const touched = new Set(touchedBy(walk, at));
  const direction = steps[at]?.kind === "backward" ? "backward" : "forward";
  const used = usedBy(walk, at);
  const place = useRef<HTMLDivElement>(null);
  const first = layout.boxes[touchedBy(walk, at)[0]];
  // The box of the step stays in view; the page itself does not move. Once a frame: sizes are known when the page is laid out.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const { current } = place;
      if (current === null || first === undefined) return;
      const { x, y, width } = first;
      const [left, top] = [current.scrollLeft, current.scrollTop];
      if (x - width / 2 < left || x + width / 2 > left + current.clientWidth)
        current.scrollLeft = x - current.clientWidth / 2;
      if (y - BOX_HEIGHT / 2 < top || y + BOX_HEIGHT / 2 > top + current.clientHeight)
        current.scrollTop = y - current.clientHeight / 2;
    });
    return () => cancelAnimationFrame(frame);
  }, [first]);
  const arrows = useKept(
    layout.arrows,
    (arrow): ArrowProps => ({
      arrow,
      along: used.from.has(arrow.from) && used.to.has(arrow.to) ? direction : null,
    }),
    drawnArrow,
  );
  const boxes = useKept(
    layout.boxes,
    (box, i): BoxProps => ({ box, line: lines[i], trace, ...states[i], on: touched.has(i) }),
    drawnBox,
  );
  return (
    <div class="scroll graph" ref={place}>
      <svg
        viewBox={`0 0 ${layout.width} ${layout.height}`}
        width={layout.width}
        height={layout.height}
        aria-hidden="true"
      >
        <defs>
          {["arrow", "arrow-on"].map((id) => (
            <marker
              id={id}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="9"
              markerHeight="9"
              markerUnits="userSpaceOnUse"
              orient="auto-start-reverse"
            >
              <path d="M0,0 L8,4 L0,8 z" class={id} />
            </marker>
          ))}
        </defs>
        {arrows}
        {boxes}
      </svg>
    </div>
  );
}

interface ArrowProps {
  readonly arrow: Layout["arrows"][number];
  /** How the current step computes along it, if it does. */
  readonly along: "forward" | "backward" | null;
}

function drawnArrow({ arrow: { points }, along }: ArrowProps): VNode {
  const marker = `url(#${along === null ? "arrow" : "arrow-on"})`;
  return (
    <path
      class={along === null ? "edge" : "edge on"}
      d={`M${points.map((point) => point.join(",")).join(" L")}`}
      {...(along === "backward" ? { "marker-start": marker } : { "marker-end": marker })}
    />
  );
}

interface BoxProps extends LineState {
  readonly box: Layout["boxes"][number];
  readonly line: Line;
  readonly trace: TraceData;
  readonly on: boolean;
}

function drawnBox({
  box: { x, y, width },
  line: { name, made },
  trace,
  value,
  gradient,
  on,
}: BoxProps): VNode {
  const state = on ? "box on" : value === null ? "box later" : "box";
  return (
    <g class={state} transform={`translate(${x - width / 2} ${y - BOX_HEIGHT / 2})`}>
      <rect width={width} height={BOX_HEIGHT} rx="6" />
      <text x={width / 2} y="14">
        <tspan class="name">{clip(name)}</tspan>
        {made !== "given" && (
          <tspan class="op"> {clip(made.replace(/\(.*$/, ""), LONGEST - clip(name).length - 1)}</tspan>
        )}
      </text>
      <text x={width / 2} y="32">
        {value === null ? "" : clip(brief(trace.tensors[value]))}
      </text>
      <text x={width / 2} y="50" class="gradient">
        {gradient === null ? "" : clip(`g ${brief(trace.tensors[gradient])}`)}
      </text>
    </g>
  );
}

/** A text with at most so many characters. */
function clip(text: string, most = LONGEST): string {
  return text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text;
}

/** The ends of the arrows along which a step computes. */
function usedBy(
  { lines, steps, rows }: Walk,
  at: number,
): { from: ReadonlySet<number>; to: ReadonlySet<number> } {
  const [from, to] = [new Set<number>(), new Set<number>()];
  for (const { event } of steps[at]?.rows ?? []) {
    lines.forEach(({ id, name }, line) => {
      if (event.kind === "rule") {
        if (rows.names[event.x] === name) from.add(line);
        if (rows.names[event.out] === name) to.add(line);
      } else if (event.kind === "op" || event.kind === "derived") {
        const outs = event.kind === "op" ? [event.out] : event.outs;
        if (event.inputs.includes(id)) from.add(line);
        if (outs.includes(id)) to.add(line);
      }
    });
  }
  return { from, to };
}
