import type { VNode } from "preact";
import type { CatalogueEntry } from "../../../tools/catalogue/catalogue.ts";
import { plainText } from "../../../tools/catalogue/plain-params.ts";
import { Comment, inline } from "../shell/comment.tsx";
import { Code, Scroll } from "../shell/scroll.tsx";
import { CallView } from "./call-view.tsx";
import { exampleOf } from "./example.ts";
import { plotOf } from "./plot.ts";
import { PlotView } from "./plot-view.tsx";

/** Everything that is known about an op; all of it from its catalogue entry. */
export function Card({ entry }: { entry: CatalogueEntry }): VNode {
  const { name, group, formula, comment, paper, params, throws: refusals } = entry;
  const plot = plotOf(entry);
  const heading = `op-${name}`;
  return (
    <article class="card" id={name} aria-labelledby={heading} data-group={group}>
      <h2 id={heading}>
        <a href={`#${name}`}>{name}</a>
      </h2>
      <p class="from">
        {group}, {entry.package}
      </p>
      <p class="formula">{formula}</p>
      <Comment text={comment} />
      {plot ? <PlotView entry={entry} plot={plot} /> : <ExampleView entry={entry} />}
      {params.length > 0 && (
        <dl class="params">
          {params.map((param) => (
            <>
              <dt>
                <code>{param.name}</code>{" "}
                {param.default === null ? "(required)" : param.default !== "not set" && `= ${param.default}`}
              </dt>
              <dd>{inline(param.comment)}</dd>
            </>
          ))}
        </dl>
      )}
      <h3>Gradient</h3>
      <Rules entry={entry} />
      <Kinks entry={entry} />
      <dl class="facts">
        {refusals.length > 0 && <Fact name="Throws">{inline(refusals.join(" "))}</Fact>}
        {paper !== null && <Fact name="Paper">{paper}</Fact>}
        {entry.accuracy.length > 0 && (
          <Fact name="Largest error measured">
            {entry.accuracy.map((row) => `${row.name}: ${row.worst} ulp at ${row.at}`).join("; ")}
          </Fact>
        )}
        <Fact name="Compiled">{compiled(entry)}</Fact>
      </dl>
      <details>
        <summary>
          Declaration: {entry.file.replace(/^packages\//, "")}, lines {entry.first} to {entry.last}
        </summary>
        <Code text={withoutComment(entry.text)} label={`Declaration of ${name}`} />
      </details>
      <details>
        <summary>{entry.samples.length} samples it is tested on</summary>
        <Code text={samplesText(entry)} label={`Samples of ${name}`} />
      </details>
    </article>
  );
}

function ExampleView({ entry }: { entry: CatalogueEntry }): VNode {
  const { call, result } = exampleOf(entry);
  const params = call.params === null || Object.keys(call.params).length === 0 ? "" : plainText(call.params);
  const tracked = result.gradients.some((gradient) => gradient !== null);
  return (
    <div class="example">
      <p>
        <code>
          {entry.name}(
          {[call.list ? "inputs" : entry.inputs.join(", "), params].filter((part) => part !== "").join(", ")})
        </code>
        {tracked &&
          ": below each number of an input, the derivative of the marked element of the result by it."}
      </p>
      <div>
        <CallView names={entry.inputs} call={call} result={result} element={0} />
      </div>
    </div>
  );
}

/** Whether some input gets a gradient. */
function flows(rules: readonly string[]): boolean {
  return rules.some((rule) => rule !== "null");
}

function Rules({ entry: { rules, inputs, instruction } }: { entry: CatalogueEntry }): VNode {
  if (rules === null)
    return <p>It follows from the ops that it is made of: {instruction.madeOf.join(", ")}.</p>;
  if (!flows(rules)) return <p>No gradient flows through it.</p>;
  return (
    <dl class="rules">
      {rules.map((rule, i) => (
        <>
          <dt>{rules.length > 1 || inputs.length > 1 ? inputs[i] : "g is the gradient of the result"}</dt>
          <dd>{rule === "null" ? "no gradient" : <Code text={rule} label={`Rule for ${inputs[i]}`} />}</dd>
        </>
      ))}
    </dl>
  );
}

function Kinks({ entry: { kinks, smooth, rules } }: { entry: CatalogueEntry }): VNode | null {
  if (rules !== null && !flows(rules)) return null;
  if (kinks.length === 0) return <p class="quiet">No special points: {smooth}.</p>;
  return (
    <details>
      <summary>At kinks, ties and limits ({kinks.length})</summary>
      <Scroll label="Derivatives at special points">
        <table class="kinks">
          <thead>
            <tr>
              <th scope="col">at</th>
              <th scope="col">gradient</th>
              <th scope="col">second</th>
            </tr>
          </thead>
          <tbody>
            {kinks.map(({ at, first, second, why }) => (
              <tr>
                <th scope="row">{why === null ? at : `${at}: ${why}`}</th>
                <td>{first}</td>
                <td>{second}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

function Fact({ name, children }: { name: string; children: unknown }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children as VNode}</dd>
    </>
  );
}

function compiled({ kind, instruction: { layout, name, madeOf } }: CatalogueEntry): string {
  if (layout === "module") return "an instruction of its own module";
  if (layout !== null)
    return name === null ? `the instruction of the layout ${layout}` : `instruction ${name} (${layout})`;
  return kind === "deriveOp" && madeOf.length > 0
    ? `the steps of ${madeOf.join(", ")}`
    : "its own loop, as one step";
}

/** The declaration alone: its comment stands above. */
function withoutComment(text: string): string {
  return text.replace(/^\/\*\*[\s\S]*?\*\/\n/, "");
}

/** A line for each choice of params: the inputs that are tried with them. */
function samplesText({ samples }: CatalogueEntry): string {
  const byParams = new Map<string, Set<string>>();
  for (const { inputs, params } of samples) {
    const shapes = inputs.map((x) => ("values" in x ? JSON.stringify(x.values) : `[${x.shape}]`)).join(" ");
    const key = params === null ? "" : plainText(params);
    byParams.set(key, (byParams.get(key) ?? new Set()).add(shapes));
  }
  return [...byParams]
    .map(
      ([params, shapes]) =>
        `${params === "" ? "" : `${params}: `}${[...shapes].filter((text) => text !== "").join(", ")}`,
    )
    .join("\n");
}
