import workerUrl from "virtual:gradus-program-worker";
import type { Recorded } from "./example.ts";

/** What became of a program. */
export type Ran =
  | { readonly recorded: Recorded }
  | { readonly error: { readonly text: string; readonly line: number | null } };

/** A program that has not ended after this time, in milliseconds, is stopped. */
const PATIENCE = 5000;

/**
 * The page of the frame in which programs run. A frame with `sandbox` has an origin of its own, without access to this page or to
 * stored data, and its policy forbids all requests. It starts the worker from the text that this page sends.
 */
const ROOM = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src 'none'"><script>
onmessage = ({ data, source }) => {
  const worker = new Worker(URL.createObjectURL(new Blob([data], { type: "text/javascript" })));
  worker.onmessage = (event) => source.postMessage(event.data, "*");
  worker.onerror = (event) => source.postMessage({ failed: event.message || "the worker could not be started" }, "*");
  onmessage = (event) => worker.postMessage(event.data);
};
</script>`;

let room: Promise<HTMLIFrameElement> | undefined;
let lastId = 0;
let cancel: ((answer: Ran) => void) | undefined;

/** Makes ready to run programs, so that the page works offline from then on. */
export function prepare(): Promise<HTMLIFrameElement> {
  room ??= open();
  return room;
}

async function open(): Promise<HTMLIFrameElement> {
  const response = await fetch(workerUrl);
  if (!response.ok) throw new Error(`${workerUrl} could not be loaded: ${response.status}`);
  const text = await response.text();
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = "Where programs run";
  frame.hidden = true;
  frame.srcdoc = ROOM;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  frame.contentWindow?.postMessage(text, "*");
  return frame;
}

/** Runs a program under `watch`. It never rejects; a program that does not end is stopped after five seconds. */
export async function run(source: string): Promise<Ran> {
  const id = ++lastId;
  let frame: HTMLIFrameElement;
  try {
    frame = await prepare();
  } catch (error) {
    room = undefined;
    return {
      error: {
        text: `The part of this page that computes could not be loaded: ${(error as Error).message}`,
        line: null,
      },
    };
  }
  return new Promise((resolve) => {
    const settle = (answer: Ran): void => {
      clearTimeout(timer);
      removeEventListener("message", hear);
      cancel = undefined;
      resolve(answer);
    };
    const hear = ({ source: from, data }: MessageEvent): void => {
      if (from !== frame.contentWindow) return;
      if (typeof data.failed === "string") {
        close();
        settle({ error: { text: data.failed, line: null } });
      } else if (data.id === id) settle(data as Ran);
    };
    const timer = setTimeout(() => {
      stop("it did not end within five seconds, and was stopped");
    }, PATIENCE);
    cancel = settle;
    addEventListener("message", hear);
    frame.contentWindow?.postMessage({ id, source }, "*");
  });
}

/** Ends the program that runs. The next one gets another room. */
export function stop(reason = "stopped"): void {
  close();
  cancel?.({ error: { text: reason, line: null } });
}

function close(): void {
  void room?.then((frame) => frame.remove());
  room = undefined;
}
