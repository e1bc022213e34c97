import type { Row, RuleEvent } from "@gradus/core/watch";
import type { VNode } from "preact";
import { short } from "../ops/numbers.ts";
import { Scroll } from "../shell/scroll.tsx";
import { brief } from "./brief.ts";
import type { DetailProps } from "./detail.tsx";
import { Parts, Repeats, Source } from "./detail-parts.tsx";
import type { Quotient } from "./difference.ts";
import { NumbersView } from "./numbers-view.tsx";
import { type Walk, waysTo } from "./walk.ts";

/** A gradient rule: what came, what it gives, the sum of the ways, the check. */
export function Rule({
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
      <Repeats walk={walk} row={row} facts={facts} />
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
          <NumbersView title="Its result" tensor={tensors[event.gives]} />
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
              <th scope="col" class="text">
                verdict
              </th>
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
