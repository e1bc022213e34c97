import { groups } from "../../../tools/catalogue/groups.ts";
import type { Page } from "../page.ts";
import { Card } from "./card.tsx";

/** The gallery: a card for each op of the registries. */
export const gallery: Page = {
  path: "ops/",
  title: "Ops",
  description: "Look up any op: formula, plot, gradient rule, source, and numbers that you can change.",
  body: ({ entries }) => (
    <>
      <h1>Ops</h1>
      <p class="lead">
        {entries.length} ops. Everything here is read from their declarations, and every number and curve is
        computed by the op itself and by its gradient rule.
      </p>
      <search>
        <form id="filter" hidden>
          <label>
            Search <input type="search" id="search" autocomplete="off" spellcheck={false} />
          </label>
          <label>
            Group{" "}
            <select id="group">
              <option value="">all</option>
              {Object.keys(groups).map((group) => (
                <option value={group}>{group}</option>
              ))}
            </select>
          </label>
          <output id="count" for="search group">
            {entries.length} ops
          </output>
        </form>
      </search>
      <nav aria-label="Ops by group">
        <details id="contents" open>
          <summary>All ops by group</summary>
          <dl class="contents">
            {Object.entries(groups).map(([group, description]) => (
              <>
                <dt>
                  {group} <small>({description})</small>
                </dt>
                <dd>
                  <ul>
                    {entries
                      .filter((entry) => entry.group === group)
                      .map(({ name }) => (
                        <li>
                          <a href={`#${name}`}>{name}</a>
                        </li>
                      ))}
                  </ul>
                </dd>
              </>
            ))}
          </dl>
        </details>
      </nav>
      <div class="cards">
        {entries.map((entry) => (
          <Card entry={entry} />
        ))}
      </div>
    </>
  ),
};
