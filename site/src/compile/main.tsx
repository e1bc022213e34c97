/** The live page: another program, a slider over its steps, and the digests computed in this browser. */

import plans from "virtual:gradus-plans";
import { signal } from "@preact/signals";
import { render, type VNode } from "preact";
import { Hashes, PlanView } from "./plan-view.tsx";
import type { HashedWay } from "./program.ts";
import type { Hashed } from "./protocol.ts";

const names = plans.map(({ name }) => name);
const linked = location.hash.slice(1);
const chosen = signal(names.includes(linked) ? linked : names[0]);
const at = signal(0);
/** Computed here: digests by program, and the program that is being computed. */
const here = signal<Readonly<Record<string, readonly HashedWay[]>>>({});
const busy = signal<string | null>(null);
const failed = signal<string | null>(null);

let worker: Worker | undefined;

function computeHere(name: string): void {
  if (worker === undefined) {
    worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Hashed>): void => {
      busy.value = null;
      if ("error" in data) failed.value = data.error;
      else here.value = { ...here.value, [data.name]: data.hashes };
    };
    worker.onerror = (): void => {
      busy.value = null;
      worker = undefined;
      failed.value = "The part of this page that computes could not be loaded.";
    };
  }
  busy.value = name;
  failed.value = null;
  worker.postMessage(name);
}

function choose(name: string): void {
  chosen.value = name;
  at.value = 0;
  history.replaceState(null, "", `#${name}`);
}
addEventListener("hashchange", () => {
  if (names.includes(location.hash.slice(1))) choose(location.hash.slice(1));
});

function App(): VNode {
  const program = plans.find(({ name }) => name === chosen.value) ?? plans[0];
  const own = here.value[program.name];
  const same = own?.every(({ hash }) => hash === program.hashes[0].hash);
  return (
    <>
      <label>
        Program{" "}
        <select value={program.name} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          {plans.map(({ name, title }) => (
            <option value={name}>{title}</option>
          ))}
        </select>
      </label>
      <PlanView
        program={program}
        at={at.value}
        choose={(step) => {
          at.value = step;
        }}
      />
      <h2>The same bits in every way of computing</h2>
      <p>The digest of all weights after five steps, as Node computed it when this page was made:</p>
      <Hashes hashes={program.hashes} />
      <p>
        <button
          type="button"
          id="here"
          disabled={busy.value !== null}
          onClick={() => computeHere(program.name)}
        >
          Compute them in this browser
        </button>
      </p>
      <div role="status">
        {busy.value !== null && <p>It trains …</p>}
        {failed.value !== null && <p class="error">{failed.value}</p>}
        {own && (
          <>
            <Hashes hashes={own} />
            <p>{same ? "✓ the same as in Node" : "✗ not the same as in Node: please report this"}</p>
          </>
        )}
      </div>
    </>
  );
}

const place = document.getElementById("compile");
if (place === null) throw new Error("the page has no element compile");
place.replaceChildren();
render(<App />, place);
document.documentElement.dataset.live = "yes"; // for tests
