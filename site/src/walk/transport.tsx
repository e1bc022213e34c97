import type { VNode } from "preact";
import type { Walk } from "./walk.ts";

export interface TransportProps {
  readonly walk: Walk;
  readonly at: number;
  readonly playing: boolean;
  readonly go: (step: number) => void;
  readonly play: (on: boolean) => void;
}

/** First, back, play, next, last, and a slider over all steps, whose track shows forward, backward and update. */
export function Transport({ walk, at, playing, go, play }: TransportProps): VNode {
  const last = walk.steps.length - 1;
  const button = (label: string, sign: string, to: number): VNode => (
    <button type="button" aria-label={label} title={label} onClick={() => go(to)} disabled={to === at}>
      <span aria-hidden="true">{sign}</span>
    </button>
  );
  const position =
    at < 0 ? "before the first step" : `step ${at + 1}, ${walk.steps[at].kind}: ${walk.steps[at].title}`;
  return (
    <fieldset class="transport">
      <legend class="only-read">Steps</legend>
      {button("First", "|◀", -1)}
      {button("Back", "◀", Math.max(-1, at - 1))}
      <button type="button" class="wide" onClick={() => play(!playing)}>
        {playing ? "Pause" : "Play"}
      </button>
      <button type="button" class="wide" onClick={() => go(Math.min(last, at + 1))} disabled={at === last}>
        Next
      </button>
      {button("Last", "▶|", last)}
      <label class="slider">
        <span class="only-read">Step</span>
        <input
          type="range"
          min={-1}
          max={last}
          value={at}
          aria-valuetext={position}
          onInput={({ currentTarget }) => go(currentTarget.valueAsNumber)}
        />
        <span class="sections" aria-hidden="true">
          {runs(walk).map(({ kind, count }) => (
            <span class={kind} style={{ flexGrow: String(count) }}>
              {kind}
            </span>
          ))}
        </span>
      </label>
    </fieldset>
  );
}

/** Neighbouring steps of one kind. */
function runs({ steps }: Walk): { kind: string; count: number }[] {
  const found: { kind: string; count: number }[] = [];
  for (const { kind } of steps) {
    const last = found.at(-1);
    if (last?.kind === kind) last.count++;
    else found.push({ kind, count: 1 });
  }
  return found;
}
