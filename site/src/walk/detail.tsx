import type { DerivedEvent, OpEvent, Row, RuleEvent, UpdateEvent } from "@gradus/core/watch";
import type { ComponentChildren, VNode } from "preact";
import { short } from "../ops/numbers.ts";
import { Scroll } from "../shell/scroll.tsx";
import { brief } from "./brief.ts";
import type { Quotient } from "./difference.ts";
import type { Facts, Recorded } from "./example.ts";
import { NumbersView } from "./numbers-view.tsx";
import { type Step, type Walk, waysTo } from "./walk.ts";

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
        {step.title}
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
        The button <b>Next</b> or the key → does one step.
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
      <Parts walk={walk} row={row} title="It is made of these ops" />
      <Source name={name} facts={facts} />
    </>
  );
}

function Rule({
  walk,
  facts,
  recorded,
  row,
  event,
  at,
  go,
}: DetailProps & { row: Row; event: RuleEvent }): VNode {
  const { tensors } = walk.trace;
  const { names } = walk.rows;
  const rule = facts[event.op]?.rules?.[event.input];
  const quotients = recorded.quotients[event.id];
  const x = names[event.x];
  return (
    <>
      <p>
        How much does the result depend on <code>{x}</code>, through this <code>{event.op}</code>? Its rule
        turns the gradient g of <code>{names[event.out]}</code> into a gradient of <code>{x}</code>.
      </p>
      <Sum walk={walk} at={at} event={event} {...(go ? { go } : {})} />
      <NumbersView title={`g, the gradient of ${names[event.out]}`} tensor={tensors[event.g]} />
      {rule !== undefined && (
        <>
          <p>The rule:</p>
          <pre>
            <code>{rule}</code>
          </pre>
        </>
      )}
      {event.gives === event.g ? (
        <p>It passes g on unchanged.</p>
      ) : (
        <>
          <Parts walk={walk} row={row} title="With the numbers of this step" open />
          <NumbersView title="It gives" tensor={tensors[event.gives]} />
        </>
      )}
      {quotients && (
        <Check gives={tensors[event.gives].numbers.map(Number)} quotients={quotients} op={event.op} />
      )}
      <Source name={event.op} facts={facts} />
    </>
  );
}

/** The gradients that have come to a tensor so far, and their sum. */
function Sum({
  walk,
  at,
  event,
  go,
}: {
  walk: Walk;
  at: number;
  event: RuleEvent;
  go?: (step: number) => void;
}): VNode {
  const { tensors } = walk.trace;
  const x = walk.rows.names[event.x];
  const ways = waysTo(walk, event, at);
  if (ways.length < 2) {
    return (
      <p>
        The first gradient that comes to <code>{x}</code>: {brief(tensors[event.sum])}
      </p>
    );
  }
  return (
    <section class="sum" aria-label={`Sum of the gradients of ${x}`}>
      <p>
        <code>{x}</code> is used {ways.length} times so far on the way back. It gets a gradient by each use,
        and they add up:
      </p>
      <p class="total">
        gradient of {x} = {ways.map(({ gives }) => brief(tensors[gives])).join(" + ")} ={" "}
        <strong>{brief(tensors[event.sum])}</strong>
      </p>
      <ul>
        {ways.map(({ gives, step, title }) => (
          <li>
            {brief(tensors[gives])} from step {step + 1}:{" "}
            {step === at || go === undefined ? (
              <code>{title}</code>
            ) : (
              <button type="button" class="jump" onClick={() => go(step)}>
                {title}
              </button>
            )}
            {step === at && " (this step)"}
          </li>
        ))}
      </ul>
    </section>
  );
}

const verdicts: Readonly<Record<Quotient["verdict"], string>> = {
  same: "✓ agrees",
  kink: "a kink: the slopes on both sides differ, the rule takes one",
  edge: "not finite here or beside it",
  differs: "✗ differs",
};

/** The rule's gradient of each element beside the difference quotient of the op. */
function Check({
  gives,
  quotients,
  op,
}: {
  gives: readonly number[];
  quotients: readonly Quotient[];
  op: string;
}): VNode {
  const agree = quotients.every(({ verdict }) => verdict === "same");
  return (
    <details open={!agree || quotients.length === 1}>
      <summary>
        Checked without the rule:{" "}
        {agree ? "central differences agree ✓" : "see where central differences agree"}
      </summary>
      <p>
        Move an element by ±h, run <code>{op}</code> again, and divide the change of Σ g·out by 2h:
      </p>
      <Scroll label="Difference quotients">
        <table>
          <thead>
            <tr>
              <th scope="col">element</th>
              <th scope="col">rule</th>
              <th scope="col">quotient</th>
              <th scope="col">verdict</th>
            </tr>
          </thead>
          <tbody>
            {quotients.map(({ value, verdict }, i) => (
              <tr>
                <th scope="row">{i}</th>
                <td>{short(gives[i])}</td>
                <td>{value === null ? "–" : short(value)}</td>
                <td class="text">{verdicts[verdict]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
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

function Formula({ name, facts }: { name: string; facts: Facts }): ComponentChildren {
  const formula = facts[name]?.formula;
  return formula && <p class="formula">{formula}</p>;
}

/** The ops that a rule or a derived op is made of, each with its result. */
function Parts({
  walk,
  row,
  title,
  open,
}: {
  walk: Walk;
  row: Row;
  title: string;
  open?: boolean;
}): ComponentChildren {
  if (row.parts.length === 0) return null;
  const { tensors } = walk.trace;
  return (
    <details open={open ?? false}>
      <summary>{title}</summary>
      <ul class="parts">
        {row.parts.map((part) => (
          <li>
            <code>{part.label}</code> <span>{brief(tensors[part.shows])}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Source({ name, facts }: { name: string; facts: Facts }): ComponentChildren {
  const found = facts[name];
  return (
    found && (
      <p class="source">
        <a href={`../ops/#${name}`}>{name}</a>, {found.file.replace(/^packages\//, "")}:{found.first}
      </p>
    )
  );
}
