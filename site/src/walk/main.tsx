/** The live page: examples, steps, depths, drawing, a program of one's own. */

import facts from "virtual:gradus-op-facts";
import walks from "virtual:gradus-walks";
import { computed, effect, signal } from "@preact/signals";
import { render, type VNode } from "preact";
import { unpacked } from "./code-link.ts";
import { Guard } from "./guard.tsx";
import { OwnProgram, offer, own } from "./own-program.tsx";
import { depths, linkOf, OWN, type View, viewOf } from "./state.ts";
import { Transport } from "./transport.tsx";
import { type Depth, type Walk, walkOf } from "./walk.ts";
import { Walker, type WalkerProps } from "./walker.tsx";

const names = [...walks.map(({ name }) => name), OWN];
const view = signal<View>(viewOf(location.hash, names).view);
const playing = signal(false);
/** A step while playing, in milliseconds. */
const PACE = 900;

// Most changes are steps: what depends on another choice alone is not made anew for each of them.
const example = computed(() => view.value.example);
const depth = computed(() => view.value.depth);
const drawing = computed(() => view.value.drawing);
/** The program that is shown: an example, or the last own one that ran. */
const shown = computed(() => {
  if (example.value === OWN) return own.value.ran;
  return walks.find(({ name }) => name === example.value) ?? walks[0];
});
const nothing: Walk = {
  trace: { events: [], tensors: [] },
  rows: { names: [], given: [], sections: [] },
  steps: [],
  lines: [],
};
const walk = computed<Walk>(() => (shown.value ? walkOf(shown.value.recorded.trace, depth.value) : nothing));
const at = computed(() => Math.min(view.value.at, walk.value.steps.length - 1));

function change(part: Partial<View>): void {
  view.value = { ...view.value, ...part };
}
function go(step: number): void {
  change({ at: step });
}
function toStart(): void {
  go(-1);
}
function play(on: boolean): void {
  if (on && at.value === walk.value.steps.length - 1) go(-1);
  playing.value = on;
}

/** The same moment at another depth: the first step there that has the current event. */
function toDepth(depth: Depth): void {
  const event = walk.value.steps[at.value]?.rows.at(-1)?.event.id;
  const { steps } = shown.value ? walkOf(shown.value.recorded.trace, depth) : nothing;
  const same = steps.findIndex(({ rows }) =>
    rows.some(({ event: { id } }) => event !== undefined && id >= event),
  );
  change({ depth, at: event === undefined ? -1 : same === -1 ? steps.length - 1 : same });
}

/** The first step of the next or the last section or layer. */
function jump(direction: 1 | -1): void {
  const { steps } = walk.value;
  const key = (step: number): string =>
    step < 0 || step >= steps.length ? "" : `${steps[step].kind} ${steps[step].rows[0].event.layer}`;
  let to = at.value + direction;
  while (to > -1 && to < steps.length - 1 && key(to) === key(at.value)) to += direction;
  go(Math.max(-1, Math.min(to, steps.length - 1)));
}

const keys: Readonly<Record<string, (shift: boolean) => void>> = {
  ArrowRight: (shift) => (shift ? jump(1) : go(Math.min(at.value + 1, walk.value.steps.length - 1))),
  ArrowLeft: (shift) => (shift ? jump(-1) : go(Math.max(-1, at.value - 1))),
  Home: () => go(-1),
  End: () => go(walk.value.steps.length - 1),
  " ": () => play(!playing.value),
};
addEventListener("keydown", (event) => {
  const { key, target, shiftKey, ctrlKey, altKey, metaKey } = event;
  const { tagName, isContentEditable } = target as HTMLElement;
  // These need the keys for themselves; a scrolling part needs the arrows, but not the space bar.
  if (
    ctrlKey ||
    altKey ||
    metaKey ||
    isContentEditable ||
    /^(?:INPUT|TEXTAREA|SELECT|SUMMARY)$/.test(tagName)
  )
    return;
  if (key === " " && /^(?:BUTTON|A)$/.test(tagName)) return;
  const act = Object.hasOwn(keys, key) ? keys[key] : undefined;
  if (act === undefined) return;
  event.preventDefault();
  act(shiftKey);
});

effect(() => {
  if (!playing.value) return undefined;
  const timer = setInterval(() => {
    if (at.value < walk.value.steps.length - 1) go(at.value + 1);
    else playing.value = false;
  }, PACE);
  return () => clearInterval(timer);
});
/** Shows what a link says. A program in it is shown, and runs only when the visitor says so. */
async function follow(hash: string): Promise<void> {
  const { view: linked, code } = viewOf(hash, names);
  if (code !== "" && code !== own.value.ran?.code) {
    const source = await unpacked(code);
    const error =
      source === null ? { text: "The program in this link is damaged or too long.", line: null } : null;
    offer({ draft: source ?? "", fromLink: source !== null, error });
  }
  view.value = linked;
}

// The address is a link to what is shown, as soon as there is something to show and the visitor rests: browsers refuse frequent changes.
effect(() => {
  const code = view.value.example === OWN ? own.value.ran?.code : "";
  if (code === undefined) return undefined;
  const link = `#${linkOf({ ...view.value, at: at.value }, code)}`;
  const timer = setTimeout(() => history.replaceState(null, "", link), 100);
  return () => clearTimeout(timer);
});
addEventListener("hashchange", () => void follow(location.hash));

/** To a program of one's own: it begins with the text that was shown. */
function toOwn(): void {
  if (own.value.draft === "") own.value = { ...own.value, draft: shown.value?.source ?? "" };
  change({ example: OWN, at: -1 });
}

function App(): VNode {
  const program = shown.value;
  const about = walks.find(({ name }) => name === example.value)?.about;
  return (
    <>
      <Choices />
      {about && <p class="about">{about}</p>}
      {example.value === OWN && <OwnProgram key={own.value.draft} ran={toStart} />}
      {program && (
        <Guard key={program.recorded.text}>
          <Steps source={program.source} recorded={program.recorded} />
        </Guard>
      )}
      <p class="note">Keys: ← → one step, Shift with ← → one layer or part, Home and End, space to play.</p>
    </>
  );
}

/** What each step changes; the rest of the page reads no step, so signals leave it alone. */
function Steps({ source, recorded }: Pick<WalkerProps, "source" | "recorded">): VNode {
  return (
    <>
      <Transport walk={walk.value} at={at.value} playing={playing.value} go={go} play={play} />
      <Walker
        source={source}
        recorded={recorded}
        walk={walk.value}
        facts={facts}
        view={{ ...view.value, at: at.value }}
        go={go}
      />
    </>
  );
}

function Choices(): VNode {
  return (
    <form class="choices" onSubmit={(event) => event.preventDefault()}>
      <label>
        Program{" "}
        <select
          value={example.value}
          onChange={({ currentTarget: { value } }) =>
            value === OWN ? toOwn() : change({ example: value, at: -1 })
          }
        >
          {walks.map(({ name, title }) => (
            <option value={name}>{title}</option>
          ))}
          <option value={OWN}>your own</option>
        </select>
      </label>
      <Choice
        name="depth"
        title="A step is"
        options={depths.map((value) => [
          value,
          { layers: "a layer", ops: "an op", parts: "also each op in a rule" }[value],
        ])}
        value={depth.value}
        choose={(value) => toDepth(value as Depth)}
      />
      <Choice
        name="drawing"
        title="Show"
        options={[
          ["list", "a list"],
          ["graph", "a graph"],
        ]}
        value={drawing.value}
        choose={(value) => change({ drawing: value as View["drawing"] })}
      />
    </form>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly title: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly value: string;
  readonly choose: (value: string) => void;
}

function Choice({ name, title, options, value, choose }: ChoiceProps): VNode {
  return (
    <fieldset>
      <legend>{title}</legend>
      {options.map(([option, text]) => (
        <label>
          <input
            type="radio"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => choose(option)}
          />{" "}
          {text}
        </label>
      ))}
    </fieldset>
  );
}

const place = document.getElementById("walk");
if (place === null) throw new Error("the page has no element walk");
place.replaceChildren();
await follow(location.hash);
if (view.value.example === OWN && own.value.draft === "" && !own.value.error)
  own.value = { ...own.value, draft: walks[0].source };
render(<App />, place);
document.documentElement.dataset.live = "yes"; // for tests
const texts = document.getElementById("texts");
if (texts) texts.hidden = true;
