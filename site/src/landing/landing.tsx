import { readFileSync } from "node:fs";
import { plotOf } from "../ops/plot.ts";
import { PlotView } from "../ops/plot-view.tsx";
import type { Page } from "../page.ts";
import { Code } from "../shell/scroll.tsx";
import { LearnView } from "./learn-view.tsx";
import { STEPS } from "./learning.ts";

const program = readFileSync(new URL("program.ts", import.meta.url), "utf8");

/** The op that is drawn. */
const SHOWN = "selu";

/** The first page: what gradus is, and a door to each page that exists. */
export const landing: Page = {
  path: "",
  title: "gradus",
  description: "See reverse-mode automatic differentiation at work.",
  body({ entries, pages, learning, learningProgram }) {
    const shown = entries.find(({ name }) => name === SHOWN);
    const plot = shown && plotOf(shown);
    return (
      <>
        <h1>See gradients at work</h1>
        <p class="lead">
          gradus computes gradients of TypeScript programs and trains small nets, here and in Node, with the
          same bits. Its {entries.length} ops are declarations: a formula, a loop and a rule for each
          gradient. These pages are made from the declarations, and by running them.
        </p>
        <div class="sight">
          <div id="learn">
            <LearnView learning={learning} step={STEPS} />
          </div>
          <div>
            <p class="caption">A net of 16 and 16 SELU units learns to tell two spirals apart:</p>
            <Code text={learningProgram} label="The program that trains the net" />
            <p>In Node it printed this hash of all weights:</p>
            <p class="hash">
              <code>{learning.hash}</code>
            </p>
            <div id="verdict" role="status" />
          </div>
        </div>
        <ul class="doors">
          {pages
            .filter(({ path }) => path !== "")
            .map(({ path, title, description }) => (
              <li>
                <a href={path}>
                  <strong>{title}</strong>
                  {description}
                </a>
              </li>
            ))}
        </ul>
        <div class="sight">
          <div>
            <Code text={program} label="A program" />
            <p>
              Where does the 12 come from? <a href="walk/#ex=twice">Walk through this program</a>, step by
              step, forward and backward, with all numbers.
            </p>
          </div>
          {plot && (
            <div>
              <p class="caption">
                <a href={`ops/#${SHOWN}`}>{SHOWN}</a> f with its derivatives f′ and f″, drawn by the op and
                its gradient rule:
              </p>
              <PlotView entry={shown} plot={plot} />
            </div>
          )}
        </div>
      </>
    );
  },
};
