import type { CompiledPlan, PlanBuffer } from "gradus";
import type { VNode } from "preact";
import { Scroll } from "../shell/scroll.tsx";
import { bytes } from "./bytes.ts";

const WIDTH = 900;
const HEIGHT = 360;
const LEFT = 64;

export interface MemoryMapProps {
  readonly plan: CompiledPlan;
  /** The step that is marked; −1 for none. */
  readonly at: number;
  readonly choose?: (step: number) => void;
}

/** Memory over time: a rectangle for each buffer, from the step that writes it to the last that needs it, at its place in the block. */
export function MemoryMap({ plan, at, choose }: MemoryMapProps): VNode {
  const { buffers, steps, total } = plan;
  const x = (step: number): number => LEFT + ((step + 1) * (WIDTH - LEFT)) / (steps.length + 2);
  const y = (offset: number): number => (offset * HEIGHT) / Math.max(1, total);
  const inPlace = buffers.filter(({ overwrites }) => overwrites !== null).length;
  const text = `${buffers.length} buffers in ${bytes(total)}; without shared places they would take ${bytes(plan.sumOfBuffers)}. ${inPlace} are computed in place.`;
  return (
    <figure class="memory">
      <Scroll label="Memory over the steps">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT + 24}`} role="img" aria-label={`Memory over the steps: ${text}`}>
          {[0, 0.25, 0.5, 0.75, 1].map((part) => (
            <g>
              <line class="grid" x1={LEFT} x2={WIDTH} y1={HEIGHT * part} y2={HEIGHT * part} />
              <text
                class="axis"
                x={LEFT - 6}
                y={Math.min(HEIGHT, Math.max(10, HEIGHT * part + 4))}
                text-anchor="end"
              >
                {bytes(total * part)}
              </text>
            </g>
          ))}
          {buffers.map((buffer) => (
            <rect
              class={`buffer ${groupOf(plan, buffer)}${isLive(buffer, at) ? " live" : ""}${buffer.overwrites ? " in-place" : ""}`}
              x={x(buffer.first)}
              y={y(buffer.offset)}
              width={x(buffer.last + 1) - x(buffer.first)}
              height={Math.max(1, y(buffer.size) - 0.5)}
              {...(choose ? { onClick: () => choose(Math.max(0, buffer.first)) } : {})}
            >
              <title>{describe(plan, buffer)}</title>
            </rect>
          ))}
          {at >= 0 && <rect class="now" x={x(at)} y={0} width={x(at + 1) - x(at)} height={HEIGHT} />}
          <text class="axis" x={LEFT} y={HEIGHT + 18}>
            step 1
          </text>
          <text class="axis" x={WIDTH} y={HEIGHT + 18} text-anchor="end">
            step {steps.length}
          </text>
        </svg>
      </Scroll>
      <figcaption>
        {text} <span class="key argument">arguments</span> <span class="key forward">forward</span>{" "}
        <span class="key backward">backward</span> <span class="key update">update</span>{" "}
        <span class="key in-place">in place</span>
      </figcaption>
    </figure>
  );
}

export function isLive({ first, last }: PlanBuffer, at: number): boolean {
  return first <= at && at <= last;
}

function groupOf({ steps }: CompiledPlan, { first }: PlanBuffer): string {
  return first < 0 ? "argument" : steps[first].group;
}

function describe(
  { steps }: CompiledPlan,
  { name, shape, size, first, last, overwrites, sharedWith }: PlanBuffer,
): string {
  const made = first < 0 ? "an argument" : `step ${first + 1}, ${steps[first].name}`;
  const end =
    last >= steps.length ? "it is a result" : `last needed by step ${last + 1}, ${steps[last].name}`;
  const place = overwrites
    ? `; in place of ${overwrites}`
    : sharedWith.length > 0
      ? `; its place was that of ${sharedWith.join(", ")}`
      : "";
  return `${name} [${shape.join(", ")}], ${bytes(size)}: ${made}; ${end}${place}`;
}
