import type { Page } from "../page.ts";
import { Hashes, PlanView } from "./plan-view.tsx";

/** What `compile` makes of a program. */
export const compilePage: Page = {
  path: "compile/",
  title: "Compile",
  description: "See what compile makes of a training step: its steps, its memory over time, the same bits.",
  body: ({ plans: [first] }) => (
    <>
      <h1>What compile makes of a step</h1>
      <p class="lead">
        The first call of a compiled function runs it and notes its ops. Then each result gets a place in one
        block of memory; a place is used again as soon as its numbers are no longer needed. Later calls run
        only these steps.
      </p>
      <div id="compile">
        <PlanView program={first} at={-1} />
        <h2>The same bits in every way of computing</h2>
        <Hashes hashes={first.hashes} />
      </div>
    </>
  ),
};
