import type { VNode } from "preact";
import { Scroll } from "../shell/scroll.tsx";
import type { OpCall, OpResult } from "./evaluate.ts";
import { type Numbers, rowLabels, shapeText, short } from "./numbers.ts";

export interface CallViewProps {
  /** The names of the inputs. */
  readonly names: readonly string[];
  readonly call: OpCall;
  readonly result: OpResult;
  /** The element of the results whose gradient is shown, counted through all of them. */
  readonly element: number;
  /** Sets a number of an input; without it the numbers are text. The fields keep what is typed. */
  readonly edit?: (input: number, index: number, value: number) => void;
  /** Chooses an element of the results. */
  readonly choose?: (element: number) => void;
}

/** The numbers of a call: inputs, each number with the derivative of the chosen element by it, and results. */
export function CallView({ names, call, result, element, edit, choose }: CallViewProps): VNode {
  let before = 0;
  return (
    <div class="call">
      {call.inputs.map((input, i) => {
        const name = call.list ? `input ${i + 1}` : names[i];
        const gradient = result.gradients[i];
        return (
          <NumbersTable
            title={`${name} ${shapeText(input.shape)}`}
            numbers={input}
            cell={(index) => (
              <>
                {edit ? (
                  <input
                    type="number"
                    step="any"
                    defaultValue={String(input.data[index])}
                    aria-label={`${name}, number ${index + 1}`}
                    onInput={({ currentTarget: { valueAsNumber } }) => {
                      // While it is being typed it may be no number.
                      if (!Number.isNaN(valueAsNumber)) edit(i, index, valueAsNumber);
                    }}
                  />
                ) : (
                  short(input.data[index])
                )}
                <small>{gradient ? short(gradient.data[index]) : "–"}</small>
              </>
            )}
          />
        );
      })}
      {result.outs.map((out, i) => {
        const start = before;
        before += out.data.length;
        return (
          <NumbersTable
            title={`${result.outs.length > 1 ? `result ${i + 1}` : "out"} ${shapeText(out.shape)}`}
            numbers={out}
            cell={(index) => {
              const chosen = start + index === element;
              if (choose === undefined || out.data.length + before === 1 + start) {
                return chosen ? <strong>{short(out.data[index])}</strong> : short(out.data[index]);
              }
              return (
                <button type="button" aria-pressed={chosen} onClick={() => choose(start + index)}>
                  {short(out.data[index])}
                </button>
              );
            }}
          />
        );
      })}
    </div>
  );
}

interface NumbersTableProps {
  readonly title: string;
  readonly numbers: Numbers;
  readonly cell: (index: number) => unknown;
}

/** A tensor as a table: the last axis from left to right, a row for each index of the others. */
function NumbersTable({ title, numbers, cell }: NumbersTableProps): VNode {
  const columns = numbers.shape.at(-1) ?? 1;
  const labels = rowLabels(numbers);
  return (
    <Scroll label={title}>
      <table class="numbers">
        <caption>{title}</caption>
        <tbody>
          {labels.map((label, row) => (
            <tr>
              {labels.length > 1 && <th scope="row">{label}</th>}
              {Array.from({ length: columns }, (_, column) => (
                <td>{cell(row * columns + column) as VNode}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
