import type { Page } from "../page.ts";
import { walkOf } from "./walk.ts";
import { Walker } from "./walker.tsx";

/** The walk: a program, its tape, and each step forward and backward. */
export const walkPage: Page = {
  path: "walk/",
  title: "Walk",
  description: "Go through a program step by step, forward and backward, with all numbers.",
  body: ({ walks, facts }) => {
    const [{ name, source, recorded }] = walks;
    const walk = walkOf(recorded.trace, "ops");
    const at = walk.steps.length - 1;
    return (
      <>
        <h1>Walk through a program</h1>
        <p class="lead">
          Forward, each op computes a tensor from others. Backward, the rule of each op computes from the
          gradient of its result how much the last result depends on its inputs; where several gradients come
          to one tensor, they add up.
        </p>
        <div id="walk">
          <Walker
            source={source}
            recorded={recorded}
            walk={walk}
            facts={facts}
            view={{ example: name, depth: "ops", at, drawing: "list" }}
          />
        </div>
        <section id="texts" aria-labelledby="texts-title">
          <h2 id="texts-title">All examples as text</h2>
          {walks.map(({ title, about, source, recorded }) => (
            <details>
              <summary>{title}</summary>
              <p>{about}</p>
              <pre>
                <code>{source}</code>
              </pre>
              <pre>
                <code>{recorded.text}</code>
              </pre>
            </details>
          ))}
        </section>
      </>
    );
  },
};
