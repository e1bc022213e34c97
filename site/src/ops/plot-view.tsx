import type { VNode } from "preact";
import type { CatalogueEntry } from "../../../tools/catalogue/catalogue.ts";
import { curve } from "./evaluate.ts";
import { short } from "./numbers.ts";
import type { Plot } from "./plot.ts";
import { HEIGHT, WIDTH } from "./size.ts";

const names = ["f", "f′", "f″"] as const;

/** The plot of an op with its values at −1, 0 and 1 (or at the ends and the middle of what is drawn). */
export function PlotView({ entry, plot }: { entry: CatalogueEntry; plot: Plot }): VNode {
  const { x, y, paths, call, by } = plot;
  const at =
    x.low <= -1 && x.high >= 1 ? [-1, 0, 1] : [0, 0.5, 1].map((t) => round(x.low + t * (x.high - x.low)));
  const { value, first, second } = curve(call, by, at);
  const rows = [value, first, second];
  const others = call.inputs.flatMap(({ data }, i) =>
    i === by ? [] : [`${entry.inputs[i]} = ${short(data[0])}`],
  );
  const params = Object.keys(call.params ?? {}).length > 0;
  const zero = { x: (WIDTH * -x.low) / (x.high - x.low), y: (HEIGHT * y.high) / (y.high - y.low) };
  const shown = names.filter((_, i) => paths[i] !== null);
  return (
    <figure class="plot">
      <div class="drawing">
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={`${entry.name}: ${shown.join(", ")} for ${entry.inputs[by]} from ${short(x.low)} to ${short(x.high)}`}
        >
          <path class="axis" d={`M0 ${zero.y.toFixed()}h${WIDTH}M${zero.x.toFixed()} 0v${HEIGHT}`} />
          <text x="6" y="24">
            {short(round(y.high))}
          </text>
          <text x={WIDTH - 6} y={HEIGHT - 8} text-anchor="end">
            {short(round(y.low))}
          </text>
          {[2, 1, 0].map((i) => paths[i] !== null && <path class={`curve-${i}`} d={paths[i]} />)}
        </svg>
        <div class="ends">
          <span>{short(x.low)}</span>
          <span>
            {[entry.inputs[by], ...others].join(", ")}
            {params ? ", with params as in the first sample" : ""}
          </span>
          <span>{short(x.high)}</span>
        </div>
      </div>
      <table class="values">
        <thead>
          <tr>
            <th scope="col">{entry.inputs[by]}</th>
            {at.map((point) => (
              <th scope="col">{short(point)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((name, i) => (
            <tr>
              <th scope="row">
                <svg class="key" viewBox="0 0 30 4" aria-hidden="true">
                  <path class={`curve-${i}`} d="M0 2h30" />
                </svg>{" "}
                {name}
              </th>
              {rows[i]?.map((number) => (
                <td>{short(number, 4)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function round(x: number): number {
  return Number(x.toPrecision(2));
}
