import type { PlanOperand } from "gradus";
import type { VNode } from "preact";
import { Code, Scroll } from "../shell/scroll.tsx";
import { bytes } from "./bytes.ts";
import { isLive, MemoryMap, type MemoryMapProps } from "./memory-map.tsx";
import type { HashedWay, PlannedProgram } from "./program.ts";

/** A program, its memory over time, its steps, and its hashes. */
export function PlanView({
  program,
  at,
  choose,
}: { program: PlannedProgram } & Omit<MemoryMapProps, "plan">): VNode {
  const { plan, source, about } = program;
  const live = plan.buffers.filter((buffer) => isLive(buffer, at));
  const step = plan.steps[at];
  return (
    <>
      <p class="about">{about}</p>
      <details>
        <summary>The program</summary>
        <Code text={source} label="Source" />
      </details>
      <h2>Memory over the steps</h2>
      <MemoryMap plan={plan} at={at} {...(choose ? { choose } : {})} />
      {choose && (
        <label class="slider">
          Step {at + 1} of {plan.steps.length}
          {step && `: ${step.name}${step.of && step.of !== step.name ? ` of ${step.of}` : ""}, ${step.group}`}
          <input
            type="range"
            min={0}
            max={plan.steps.length - 1}
            value={at}
            onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
          />
        </label>
      )}
      {step && (
        <p role="status">
          {live.length} buffers are needed now: {bytes(live.reduce((sum, { size }) => sum + size, 0))} of{" "}
          {bytes(plan.total)}.
        </p>
      )}
      <h2>Steps</h2>
      <Summary program={program} />
      <Steps program={program} at={at} {...(choose ? { choose } : {})} />
    </>
  );
}

function Summary({ program: { plan } }: { program: PlannedProgram }): VNode {
  const count = (by: string): number => plan.steps.filter((step) => step.by === by).length;
  const left = plan.leftOut.length;
  return (
    <p>
      {plan.steps.length} steps: {count("engine")} by instructions of the engine, {count("loop")} by loops in
      TypeScript, {count("alias")} are the same numbers under another shape and cost nothing.{" "}
      {left === 0
        ? "Nothing was left out."
        : `Left out, since nothing depends on them: ${plan.leftOut.join(", ")}.`}
    </p>
  );
}

function Steps({
  program: { plan },
  at,
  choose,
}: { program: PlannedProgram } & Omit<MemoryMapProps, "plan">): VNode {
  const inPlace = new Map(
    plan.buffers.map(({ name, first, overwrites }) => [`${first} ${name}`, overwrites]),
  );
  return (
    <div class="steps">
      <Scroll label="Steps of the plan">
        <table>
          <thead>
            <tr>
              <th scope="col">step</th>
              <th scope="col">name</th>
              <th scope="col">part of</th>
              <th scope="col">reads</th>
              <th scope="col">writes</th>
              <th scope="col">by</th>
              <th scope="col">place</th>
            </tr>
          </thead>
          <tbody>
            {plan.steps.map(({ name, of, group, reads, writes, by, at: place }, i) => {
              const over = writes.map((out) => inPlace.get(`${i} ${out.name}`)).find(Boolean);
              return (
                <tr class={group} {...(i === at ? { "aria-current": "step" as const } : {})}>
                  <th scope="row">
                    {choose ? (
                      <button type="button" class="jump" onClick={() => choose(i)}>
                        {i + 1}
                      </button>
                    ) : (
                      i + 1
                    )}
                  </th>
                  <td>{name}</td>
                  <td>{of !== null && of !== name ? of : ""}</td>
                  <td>{reads.map(operand).join(", ")}</td>
                  <td>{writes.map(operand).join(", ")}</td>
                  <td>{by}</td>
                  <td>{over ? `in place of ${over}` : place === null ? "" : bytes(place)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </div>
  );
}

function operand({ name, shape }: PlanOperand): string {
  return `${name} [${shape.join(", ")}]`;
}

/** One digest four times. */
export function Hashes({ hashes }: { hashes: readonly HashedWay[] }): VNode {
  const same = new Set(hashes.map(({ hash }) => hash)).size === 1;
  return (
    <>
      <Scroll label="Digests">
        <table class="hashes">
          <tbody>
            {hashes.map(({ way, hash }) => (
              <tr>
                <th scope="row">{way}</th>
                <td>
                  <code>{hash.slice(0, 32)}…</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p>{same ? "✓ the same bits in all four" : "✗ they differ: please report this"}</p>
    </>
  );
}
