import type { VNode } from "preact";
import { Detail } from "./detail.tsx";
import type { Facts, Recorded } from "./example.ts";
import { GraphView } from "./graph-view.tsx";
import { lineOf } from "./program-line.ts";
import type { View } from "./state.ts";
import { Tape } from "./tape.tsx";
import type { Walk } from "./walk.ts";

export interface WalkerProps {
  readonly source: string;
  readonly recorded: Recorded;
  readonly walk: Walk;
  readonly facts: Facts;
  readonly view: View;
  readonly go?: (step: number) => void;
}

/** The program, its tape, and what happens in the current step. */
export function Walker({ source, recorded, walk, facts, view, go }: WalkerProps): VNode {
  const { at } = view;
  const goes = go ? { go } : {};
  const layout = view.depth === "parts" ? null : recorded.layouts[view.depth];
  const drawn = view.drawing === "graph" && layout !== null;
  return (
    <div class={drawn ? "walker drawn" : "walker"}>
      <section aria-label="Program">
        <Program source={source} current={currentLine(walk, at)} />
      </section>
      <section aria-label="Tape">
        {view.drawing === "graph" &&
          (layout ? (
            <GraphView walk={walk} at={at} layout={layout} />
          ) : (
            <p class="note">Too many boxes for a drawing: take a smaller depth. The list has all of them.</p>
          ))}
        <div class={drawn ? "only-read" : ""}>
          <Tape walk={walk} at={at} {...goes} />
        </div>
      </section>
      <section class="detail" aria-label="This step" aria-live="polite">
        <Detail walk={walk} recorded={recorded} facts={facts} at={at} {...goes} />
      </section>
    </div>
  );
}

/** The source with the line of the current step marked. */
function Program({ source, current }: { source: string; current: number | null }): VNode {
  return (
    <pre class="program">
      <code>
        {source.split("\n").map((text, i) => (
          <span class={i + 1 === current ? "line current" : "line"}>{`${text}\n`}</span>
        ))}
      </code>
    </pre>
  );
}

/** The line of the program that a step comes from; a rule has that of its op. */
function currentLine({ trace, steps }: Walk, at: number): number | null {
  const event = steps[at]?.rows[0].event;
  if (event === undefined) return null;
  let from = event.kind === "rule" ? (event.of === null ? event : trace.events[event.of]) : event;
  while (from.within !== null) {
    const around = trace.events[from.within];
    from = around.kind === "rule" && around.of !== null ? trace.events[around.of] : around;
  }
  return "site" in from && from.site !== null ? lineOf(from.site) : null;
}
