/** The moving picture: it plays the stored training once, while this browser trains the net itself. */
import stored from "virtual:gradus-learning";
import { signal } from "@preact/signals";
import { render, type VNode } from "preact";
import { LearnView } from "./learn-view.tsx";
import { type Learning, STEPS } from "./learning.ts";
import type { Learned } from "./worker.ts";

/** How long all steps take, in milliseconds. */
const DURATION = 6000;

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const learning = signal<Learning>(stored);
const step = signal(still ? STEPS : 0);
const playing = signal(false);
/** The digest of the weights that this browser has trained; null until then. */
const own = signal<string | null>(null);
const failed = signal<string | null>(null);

function play(wanted: boolean): void {
  playing.value = wanted;
  if (!wanted) return;
  const from = step.value === STEPS ? 0 : step.value;
  let start: number | null = null;
  const frame = (now: number): void => {
    if (!playing.value) return;
    start ??= now;
    step.value = Math.min(STEPS, from + Math.floor(((now - start) * STEPS) / DURATION));
    if (step.value === STEPS) playing.value = false;
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function seek(to: number): void {
  playing.value = false;
  step.value = to;
}

function train(): void {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Learned>): void => {
    worker.terminate();
    if ("error" in data) failed.value = data.error;
    else {
      learning.value = data;
      own.value = data.hash;
    }
  };
  worker.onerror = (): void => {
    failed.value = "The part of this page that trains could not be loaded.";
  };
}

function Verdict(): VNode {
  if (failed.value !== null) return <p class="error">{failed.value}</p>;
  if (own.value === null) return <p>This browser trains the net too …</p>;
  return own.value === stored.hash ? (
    <p>
      ✓ This browser has trained the net too, and got the same hash: the weights are equal to the last bit.
    </p>
  ) : (
    <p class="error">✗ This browser got another hash, {own.value}: please report this.</p>
  );
}

function App(): VNode {
  return (
    <LearnView
      learning={learning.value}
      step={step.value}
      controls={{ playing: playing.value, play, seek }}
    />
  );
}

function mount(id: string, node: VNode): void {
  const place = document.getElementById(id);
  if (place === null) throw new Error(`the page has no element ${id}`);
  place.replaceChildren();
  render(node, place);
}
mount("learn", <App />);
mount("verdict", <Verdict />);
if (!still) play(true);
train();
document.documentElement.dataset.live = "yes"; // for tests
