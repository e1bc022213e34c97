import type { VNode } from "preact";
import type { PartEntry } from "../../../tools/catalogue/parts.ts";
import type { Page } from "../page.ts";
import { Comment, inline } from "../shell/comment.tsx";
import { Code } from "../shell/scroll.tsx";

/** Layers, optimizers, schedules, callbacks and readers: a section for each kind. */
export const parts: Page = {
  path: "parts/",
  title: "Parts",
  description:
    "Layers, optimizers, schedules, callbacks, readers: what exists, with options, defaults and their source.",
  body: ({ parts: groups }) => (
    <>
      <h1>Parts</h1>
      <p class="lead">
        The classes and functions that programs are made of, with the options that they take. The comments are
        those of the sources; each names the source of its default.
      </p>
      <nav aria-label="Parts by kind">
        <dl class="contents">
          {groups.map(({ name, parts: list }) => (
            <>
              <dt>
                <a href={`#${name}`}>{name}</a>
              </dt>
              <dd>
                <ul>
                  {list.map((part) => (
                    <li>
                      <a href={`#${part.name}`}>{part.name}</a>
                    </li>
                  ))}
                </ul>
              </dd>
            </>
          ))}
        </dl>
      </nav>
      {groups.map(({ name, parts: list }) => (
        <section aria-labelledby={name}>
          <h2 id={name} class="kind">
            {name}
          </h2>
          <div class="cards">
            {list.map((part) => (
              <Part part={part} />
            ))}
          </div>
        </section>
      ))}
    </>
  ),
};

function Part({ part }: { part: PartEntry }): VNode {
  const { name, call, from, comment, examples, options, defaults, file, line } = part;
  return (
    <article class="card" id={name}>
      <h3>
        <a href={`#${name}`}>{name}</a>
      </h3>
      <p class="from">
        {from}, {file.replace(/^packages\//, "")}, line {line}
      </p>
      <Code text={call} label={`How ${name} is called`} />
      <Comment text={comment} />
      {options.length > 0 && (
        <dl class="params">
          {options.map((option) => (
            <>
              <dt>
                <code>{option.name}</code> {!option.optional && "(required)"}
              </dt>
              <dd>{inline(option.comment)}</dd>
            </>
          ))}
        </dl>
      )}
      {defaults !== null && <Code text={defaults} label={`Defaults of ${name}`} />}
      {examples.length > 0 && <Code text={examples.join("\n")} label={`Example of ${name}`} />}
    </article>
  );
}
