import type { TraceData } from "@gradus/core/watch";
import type { VNode } from "preact";
import { useCallback, useRef } from "preact/hooks";
import { Scroll } from "../shell/scroll.tsx";
import { Breakable } from "./breakable.tsx";
import { brief } from "./brief.ts";
import { useKept } from "./kept.ts";
import { type Line, type LineState, statesAt, type Walk } from "./walk.ts";

export interface TapeProps {
  readonly walk: Walk;
  readonly at: number;
  readonly go?: (step: number) => void;
}

/** The tensors of a program in the order in which they are computed, with their values and gradients so far. */
export function Tape({ walk, at, go }: TapeProps): VNode {
  const states = statesAt(walk, at);
  const touched = new Set(touchedBy(walk, at));
  const now = useRef(at);
  now.current = at;
  const { steps } = walk;
  // Of all steps so far the last that gave this gradient.
  const toGradient = useCallback(
    (gradient: number) =>
      go?.(
        steps
          .slice(0, now.current + 1)
          .findLastIndex(({ rows }) =>
            rows.some(({ event }) => event.kind === "rule" && event.sum === gradient),
          ),
      ),
    [steps, go],
  );
  const rows = useKept(
    walk.lines,
    (line, i): LineRowProps => ({
      line,
      trace: walk.trace,
      ...states[i],
      current: touched.has(i),
      ...(go ? { go, toGradient } : {}),
    }),
    lineRow,
  );
  return (
    <div class="tape">
      <Scroll label="Tape">
        <table>
          <thead>
            <tr>
              <th scope="col">tensor</th>
              <th scope="col" class="text">
                computed by
              </th>
              <th scope="col">value</th>
              <th scope="col">gradient</th>
            </tr>
          </thead>
          <tbody>{rows}</tbody>
        </table>
      </Scroll>
    </div>
  );
}

interface LineRowProps extends LineState {
  readonly line: Line;
  readonly trace: TraceData;
  readonly current: boolean;
  readonly go?: (step: number) => void;
  readonly toGradient?: (gradient: number) => void;
}

function lineRow({ line, trace, value, gradient, current, go, toGradient }: LineRowProps): VNode {
  const { name, made, step, level, layer } = line;
  const shown = gradient === null ? "" : brief(trace.tensors[gradient]);
  return (
    <tr
      class={value === null ? "later" : ""}
      {...(current ? { "aria-current": "step" as const } : {})}
      style={{ "--level": String(level) }}
    >
      <th scope="row">
        <Breakable text={name} />
      </th>
      <td class="text">
        {go && step >= 0 ? (
          <button type="button" class="jump" onClick={() => go(step)}>
            <Breakable text={made} />
          </button>
        ) : (
          <Breakable text={made} />
        )}
        {layer !== null && layer !== made && <small> {layer}</small>}
      </td>
      <td>{value === null ? "" : brief(trace.tensors[value])}</td>
      <td class="gradient">
        {gradient !== null && toGradient ? (
          <button
            type="button"
            class="jump"
            aria-label={`gradient of ${name}: ${shown}; go to the step that gave it`}
            onClick={() => toGradient(gradient)}
          >
            {shown}
          </button>
        ) : (
          shown
        )}
      </td>
    </tr>
  );
}

/** The lines that a step makes or changes. */
export function touchedBy({ lines, steps, rows }: Walk, at: number): number[] {
  const step = steps[at];
  if (step === undefined) return [];
  return lines.flatMap(({ id, step: made, name }, line) => {
    const here = step.rows.some(
      ({ event }) =>
        (event.kind === "rule" && (event.x === id || rows.names[event.x] === name)) ||
        (event.kind === "update" && event.parameter === id),
    );
    return made === at || here ? [line] : [];
  });
}
