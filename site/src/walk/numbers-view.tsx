import type { WatchedTensor } from "@gradus/core/watch";
import type { VNode } from "preact";
import { rowLabels, shapeText, short } from "../ops/numbers.ts";
import { Scroll } from "../shell/scroll.tsx";

/** More numbers are summed up. */
const MANY = 64;

/** A tensor with all its numbers, as a table whose cells are coloured by sign and size. */
export function NumbersView({ title, tensor }: { title: string; tensor: WatchedTensor }): VNode {
  const { shape, numbers, summary } = tensor;
  const data = numbers.map(Number);
  if (shape.length === 0) {
    return (
      <p class="scalar">
        {title} = <strong>{short(data[0])}</strong>
      </p>
    );
  }
  if (data.length > MANY || summary !== null) {
    const facts = summary ?? summed(data);
    return (
      <p class="scalar">
        {title} {shapeText(shape)}: mean {short(facts.mean)}, variance {short(facts.variance)}, from{" "}
        {short(facts.min)} to {short(facts.max)}
      </p>
    );
  }
  const columns = shape.at(-1) ?? 1;
  const largest = Math.max(...data.map(Math.abs).filter(Number.isFinite), 1e-300);
  const labels = rowLabels({ shape, data });
  return (
    <Scroll label={title}>
      <table class="numbers">
        <caption>
          {title} {shapeText(shape)}
        </caption>
        <tbody>
          {labels.map((label, row) => (
            <tr>
              {labels.length > 1 && <th scope="row">{label}</th>}
              {data.slice(row * columns, (row + 1) * columns).map((x) => (
                <td class={x < 0 ? "negative" : "positive"} style={{ "--heat": heat(x, largest) }}>
                  {short(x)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** How much of the colour of its sign a cell has, so that text on it keeps its contrast. */
function heat(x: number, largest: number): string {
  return Number.isFinite(x) ? `${Math.round((30 * Math.abs(x)) / largest)}%` : "0%";
}

function summed(data: readonly number[]): { mean: number; variance: number; min: number; max: number } {
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  return { mean, variance, min: Math.min(...data), max: Math.max(...data) };
}
