import type { VNode } from "preact";
import { Scroll } from "../shell/scroll.tsx";
import { brief } from "./brief.ts";
import { statesAt, type Walk } from "./walk.ts";

export interface TapeProps {
  readonly walk: Walk;
  readonly at: number;
  readonly go?: (step: number) => void;
}

/** The tensors of a program in the order in which they are computed, with their values and gradients so far. */
export function Tape({ walk, at, go }: TapeProps): VNode {
  const { lines, trace, steps } = walk;
  const states = statesAt(walk, at);
  const touched = new Set(touchedBy(walk, at));
  const lastGradient = (line: number): number =>
    steps
      .slice(0, at + 1)
      .findLastIndex(({ rows }) =>
        rows.some(({ event }) => event.kind === "rule" && event.sum === states[line].gradient),
      );
  return (
    <div class="tape">
      <Scroll label="Tape">
        <table>
          <thead>
            <tr>
              <th scope="col">tensor</th>
              <th scope="col">computed by</th>
              <th scope="col">value</th>
              <th scope="col">gradient</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ name, made, step, level, layer }, line) => {
              const { value, gradient } = states[line];
              const current = touched.has(line);
              return (
                <tr
                  class={value === null ? "later" : ""}
                  {...(current ? { "aria-current": "step" as const } : {})}
                  style={{ "--level": String(level) }}
                >
                  <th scope="row">{name}</th>
                  <td class="text">
                    {go && step >= 0 ? (
                      <button type="button" class="jump" onClick={() => go(step)}>
                        {made}
                      </button>
                    ) : (
                      made
                    )}
                    {layer !== null && layer !== made && <small> {layer}</small>}
                  </td>
                  <td>{value === null ? "" : brief(trace.tensors[value])}</td>
                  <td class="gradient">
                    {gradient === null ? (
                      ""
                    ) : go ? (
                      <button
                        type="button"
                        class="jump"
                        aria-label={`gradient of ${name}: ${brief(trace.tensors[gradient])}; go to the step that gave it`}
                        onClick={() => go(lastGradient(line))}
                      >
                        {brief(trace.tensors[gradient])}
                      </button>
                    ) : (
                      brief(trace.tensors[gradient])
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </div>
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
