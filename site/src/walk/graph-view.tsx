import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { brief } from "./brief.ts";
import { BOX_HEIGHT, type Layout, LONGEST } from "./drawing.ts";
import { touchedBy } from "./tape.tsx";
import { statesAt, type Walk } from "./walk.ts";

/** The graph as a drawing. Assistive technology reads the tape, which has the same. */
export function GraphView({ walk, at, layout }: { walk: Walk; at: number; layout: Layout }): VNode {
  const { lines, steps, trace } = walk;
  const states = statesAt(walk, at);
  const touched = new Set(touchedBy(walk, at));
  const backward = steps[at]?.kind === "backward";
  const used = usedBy(walk, at);
  const place = useRef<HTMLDivElement>(null);
  const first = layout.boxes[touchedBy(walk, at)[0]];
  // The box of the step stays in view; the page itself does not move.
  useEffect(() => {
    const { current } = place;
    if (current === null || first === undefined) return;
    const { x, y, width } = first;
    const [left, top] = [current.scrollLeft, current.scrollTop];
    if (x - width / 2 < left || x + width / 2 > left + current.clientWidth)
      current.scrollLeft = x - current.clientWidth / 2;
    if (y - BOX_HEIGHT / 2 < top || y + BOX_HEIGHT / 2 > top + current.clientHeight)
      current.scrollTop = y - current.clientHeight / 2;
  }, [first]);
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
        {layout.arrows.map(({ from, to, points }) => {
          const on = used.from.has(from) && used.to.has(to);
          const marker = `url(#${on ? "arrow-on" : "arrow"})`;
          return (
            <path
              class={on ? "edge on" : "edge"}
              d={`M${points.map((point) => point.join(",")).join(" L")}`}
              {...(backward && on ? { "marker-start": marker } : { "marker-end": marker })}
            />
          );
        })}
        {layout.boxes.map(({ x, y, width }, i) => {
          const { name, made } = lines[i];
          const { value, gradient } = states[i];
          const state = touched.has(i) ? "box on" : value === null ? "box later" : "box";
          return (
            <g class={state} transform={`translate(${x - width / 2} ${y - BOX_HEIGHT / 2})`}>
              <rect width={width} height={BOX_HEIGHT} rx="6" />
              <text x={width / 2} y="14">
                <tspan class="name">{clip(name)}</tspan>
                {made !== "given" && (
                  <tspan class="op">
                    {" "}
                    {clip(made.replace(/\(.*$/, ""), LONGEST - clip(name).length - 1)}
                  </tspan>
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
        })}
      </svg>
    </div>
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
