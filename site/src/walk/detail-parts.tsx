/** What the details of ops and of rules have in common. */
import type { Row } from "@gradus/core/watch";
import type { ComponentChildren, VNode } from "preact";
import { repeatsOf } from "../../../tools/explain/repeat.ts";
import { brief } from "./brief.ts";
import type { Facts } from "./example.ts";
import { RepeatView } from "./repeat-view.tsx";
import type { Walk } from "./walk.ts";

/** The operands that are broadcast. */
export function Repeats({
  walk: { trace, rows },
  row,
  facts,
}: {
  walk: Walk;
  row: Row;
  facts: Facts;
}): VNode {
  const repeats = repeatsOf(row, trace, rows.names, (op) => facts[op]?.broadcasts === true);
  return (
    <>
      {repeats.map((repeat) => (
        <RepeatView repeat={repeat} />
      ))}
    </>
  );
}

export function Formula({ name, facts }: { name: string; facts: Facts }): ComponentChildren {
  const formula = facts[name]?.formula;
  return formula && <p class="formula">{formula}</p>;
}

/** The ops that a rule or a derived op is made of, each with its result. */
export function Parts({
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

export function Source({ name, facts }: { name: string; facts: Facts }): ComponentChildren {
  const found = facts[name];
  return (
    found && (
      <p class="source">
        <a href={`../ops/#${name}`}>{name}</a>, {found.file.replace(/^packages\//, "")}:{found.first}
      </p>
    )
  );
}
