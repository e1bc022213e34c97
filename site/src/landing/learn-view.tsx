import type { VNode } from "preact";
import { EDGE, LEVELS, type Learning, type Moment, STEPS } from "./learning.ts";

/** The size of the plane and of the loss curve, in units of their drawings. */
const PLANE = 100;
const [WIDTH, HEIGHT] = [400, 60];

/** The moment that is shown for a step: the last one that is not later. */
export function momentAt({ moments }: Learning, step: number): Moment {
  return moments.findLast((moment) => moment.step <= step) ?? moments[0];
}

/** The cells of each level as a path. Neighbours in a row are one rectangle. */
export function pathsOf(levels: string, size: number): string[] {
  const paths = new Array<string>(LEVELS).fill("");
  for (let row = 0; row < size; row++) {
    for (let from = 0, to = 0; from < size; from = to) {
      const level = levels[row * size + from];
      while (to < size && levels[row * size + to] === level) to++;
      paths[Number(level)] += `M${from} ${row}h${to - from}v1h${from - to}z`;
    }
  }
  return paths;
}

/** The loss over the steps as a path, on a logarithmic axis. */
function lossPath(losses: readonly number[], low: number, high: number): string {
  const place = (loss: number, i: number): string =>
    `${((WIDTH * i) / STEPS).toFixed(1)} ${(HEIGHT * (Math.log(high / loss) / Math.log(high / low))).toFixed(1)}`;
  return `M${losses.map(place).join("L")}`;
}

/** A number ≥ 0.0001 with two digits that count, not in scientific notation. */
const short = (x: number): string => String(Number(x.toPrecision(2)));

/** What can be said of a step, for the text below the picture and for screen readers. */
export function words({ points, losses }: Learning, { step, right }: Moment): string {
  const loss = short(losses[step]);
  return `Step ${step}: loss ${loss}, ${right} of ${points.length} points right`;
}

/** The plane at a moment: the probability of the two classes, and the points. */
function Plane({ learning, moment }: { learning: Learning; moment: Moment }): VNode {
  const at = (x: number): string => ((PLANE * (x + EDGE)) / (2 * EDGE)).toFixed(1);
  return (
    <svg
      class="plane"
      viewBox={`0 0 ${PLANE} ${PLANE}`}
      role="img"
      aria-label={`Two spirals of points, and what the net says of each place. ${words(learning, moment)}`}
    >
      <g transform={`scale(${PLANE / learning.size})`} shape-rendering="crispEdges">
        {pathsOf(moment.levels, learning.size).map(
          (d, level) => d && <path class={`level-${level}`} d={d} />,
        )}
      </g>
      {learning.points.map(([x, y, label]) =>
        label === 0 ? (
          <circle class="class-0" cx={at(x)} cy={at(-y)} r="1.1" />
        ) : (
          <rect class="class-1" x={Number(at(x)) - 1} y={Number(at(-y)) - 1} width="2" height="2" />
        ),
      )}
    </svg>
  );
}

/** The loss of all steps, with a mark at one. */
function Losses({ losses, at }: { losses: readonly number[]; at: number }): VNode {
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  return (
    <svg
      class="losses"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`The loss falls from ${short(losses[0])} to ${short(losses[losses.length - 1])} in ${STEPS} steps`}
    >
      <path d={lossPath(losses, low, high)} />
      <line x1={(WIDTH * at) / STEPS} x2={(WIDTH * at) / STEPS} y1="0" y2={HEIGHT} />
    </svg>
  );
}

export interface LearnViewProps {
  readonly learning: Learning;
  readonly step: number;
  /** What a visitor can do; without scripts, nothing. */
  readonly controls?: {
    readonly playing: boolean;
    play(playing: boolean): void;
    seek(step: number): void;
  };
}

/** A net that learns two spirals: the plane after a step, the loss, and controls to go to any step. */
export function LearnView({ learning, step, controls }: LearnViewProps): VNode {
  const moment = momentAt(learning, step);
  const { losses } = learning;
  return (
    <figure class="learn">
      <Plane learning={learning} moment={moment} />
      <p class="axis-name">loss, on a logarithmic axis</p>
      <Losses losses={losses} at={step} />
      {controls && (
        <input
          type="range"
          min="0"
          max={STEPS}
          step="4"
          value={step}
          aria-label="Training step"
          aria-valuetext={words(learning, moment)}
          onInput={({ currentTarget }) => controls.seek(Number(currentTarget.value))}
        />
      )}
      <div class="under">
        {controls && (
          <button type="button" onClick={() => controls.play(!controls.playing)}>
            {controls.playing ? "Pause" : "Play"}
          </button>
        )}
        <figcaption>{words(learning, moment)}</figcaption>
      </div>
    </figure>
  );
}
