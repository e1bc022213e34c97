import type { DerivedEvent, OpEvent, Row, UpdateEvent } from "@gradus/core/watch";
import type { VNode } from "preact";
import { Breakable } from "./breakable.tsx";
import { brief } from "./brief.ts";
import { Formula, Parts, Repeats, Source } from "./detail-parts.tsx";
import type { Facts, Recorded } from "./example.ts";
import { NumbersView } from "./numbers-view.tsx";
import { Rule } from "./rule-detail.tsx";
import type { Step, Walk } from "./walk.ts";

export interface DetailProps {
  readonly walk: Walk;
  readonly recorded: Recorded;
  readonly facts: Facts;
  readonly at: number;
  /** Goes to a step. */
  readonly go?: (step: number) => void;
}

/** What happens in a step: formula, rule, numbers, the sum of gradients, the check. */
export function Detail(props: DetailProps): VNode {
  const { walk, at } = props;
  const step = walk.steps[at];
  if (step === undefined) return <Start walk={walk} />;
  return (
    <>
      <h2>
        <small>
          Step {at + 1} of {walk.steps.length}, {step.kind}
        </small>
        <br />
        <Breakable text={step.title} />
      </h2>
      {step.rows.length > 1 ? <Layer {...props} step={step} /> : <OneRow {...props} row={step.rows[0]} />}
    </>
  );
}

function Start({ walk }: { walk: Walk }): VNode {
  const count = (kind: Step["kind"]): number => walk.steps.filter((step) => step.kind === kind).length;
  return (
    <>
      <h2>Before the first step</h2>
      <p>
        The program has {walk.steps.length} steps: {count("forward")} forward, which compute the result from
        the inputs; {count("backward")} backward, which compute from the result how much it depends on each
        tensor: its gradient{count("update") > 0 && `; ${count("update")} updates of parameters`}.
      </p>
      <p>
        The button <b>Next</b> or the key → does one step; the key End goes to the last.
      </p>
    </>
  );
}

/** A layer: what its ops compute, in a list. */
function Layer({ walk, step }: DetailProps & { step: Step }): VNode {
  const { tensors } = walk.trace;
  return (
    <>
      <p>{step.rows.length} ops in this layer; the depth “ops” has a step for each.</p>
      <ul class="parts">
        {step.rows.map(({ label, shows }) => (
          <li>
            <code>{label}</code> <span>{brief(tensors[shows])}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function OneRow(props: DetailProps & { row: Row }): VNode {
  const { event } = props.row;
  if (event.kind === "rule") return <Rule {...props} event={event} />;
  if (event.kind === "update") return <Update {...props} event={event} />;
  return <Op {...props} event={event} />;
}

function Op({ walk, facts, row, event }: DetailProps & { row: Row; event: OpEvent | DerivedEvent }): VNode {
  const { tensors } = walk.trace;
  const { names } = walk.rows;
  const name = event.kind === "op" ? event.op : event.name;
  const outs = event.kind === "op" ? [event.out] : event.outs;
  return (
    <>
      <Formula name={name} facts={facts} />
      {[...new Set(event.inputs)].map((id) => (
        <NumbersView title={names[id]} tensor={tensors[id]} />
      ))}
      <p class="gives">gives</p>
      {outs.map((id) => (
        <NumbersView title={names[id]} tensor={tensors[id]} />
      ))}
      <Repeats walk={walk} row={row} facts={facts} />
      <Parts walk={walk} row={row} title="It is made of these ops" />
      <Source name={name} facts={facts} />
    </>
  );
}

function Update({ walk, event }: DetailProps & { event: UpdateEvent }): VNode {
  const { tensors } = walk.trace;
  const { names } = walk.rows;
  const x = names[event.parameter];
  return (
    <>
      <p>
        <code>{event.name}</code> changes <code>{x}</code> in place.
      </p>
      <NumbersView title={`${x} before`} tensor={tensors[event.before]} />
      <NumbersView title={`${x} after`} tensor={tensors[event.after]} />
      {event.reads.length > 0 && (
        <details>
          <summary>What it reads</summary>
          {event.reads.map((id) => (
            <NumbersView title={names[id] ?? ""} tensor={tensors[id]} />
          ))}
        </details>
      )}
    </>
  );
}
