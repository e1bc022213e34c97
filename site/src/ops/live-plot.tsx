import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { ask } from "./client.ts";
import type { Curve } from "./evaluate.ts";
import { short } from "./numbers.ts";
import type { LivePlotData } from "./protocol.ts";
import { HEIGHT, WIDTH } from "./size.ts";

export interface LivePlotProps extends LivePlotData {
  readonly name: string;
}

/** A movable x under a plot, with the numbers there and their marks on the curves. */
export function LivePlot({ name, call, by, x, y }: LivePlotProps): VNode {
  const steps = 200;
  const at = useSignal(x.low + 0.65 * (x.high - x.low));
  // A point and the numbers there belong together: they are shown when the worker has answered, in the order of the questions.
  const shown = useSignal<{ readonly x: number; readonly curve: Curve } | null>(null);
  useEffect(() => {
    const point = at.value;
    ask({ kind: "curve", call, by, points: [point] }).then(
      (answer) => {
        shown.value = { x: point, curve: answer };
      },
      () => {}, // the plot stays
    );
  }, [at.value]);
  const { value, first, second } = shown.value?.curve ?? { value: [], first: null, second: null };
  const numbers = [value, first, second].map((list) => list?.[0]);
  const point = shown.value?.x ?? at.value;
  const text = ["f", "f′", "f″"].flatMap((kind, i) => {
    const number = numbers[i];
    return number === undefined ? [] : [`${kind} ${short(number)}`];
  });
  const left = (WIDTH * (point - x.low)) / (x.high - x.low);
  return (
    <>
      <svg class="marks" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
        <path class="line" d={`M${left} 0v${HEIGHT}`} />
        {numbers.map((number, i) => {
          const top = (HEIGHT * (y.high - (number ?? Number.NaN))) / (y.high - y.low);
          return top >= 0 && top <= HEIGHT && <circle class={`mark-${i}`} cx={left} cy={top} r="8" />;
        })}
      </svg>
      <input
        type="range"
        min={x.low}
        max={x.high}
        step={(x.high - x.low) / steps}
        value={at.value}
        aria-label={`x of ${name}`}
        aria-valuetext={`x ${short(round(point))}: ${text.join(", ")}`}
        onInput={({ currentTarget }) => {
          at.value = currentTarget.valueAsNumber;
        }}
      />
      <output>
        <span>x {short(round(point))}</span>
        {text.map((part) => (
          <span>{part}</span>
        ))}
      </output>
    </>
  );
}

function round(x: number): number {
  return Math.round(1000 * x) / 1000;
}
