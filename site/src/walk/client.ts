import workerUrl from "virtual:gradus-program-worker";
import { type Answer, answerOf } from "./answer.ts";

/** A program that has not ended after this time, in milliseconds, is stopped; so are its timers and promises. */
const PATIENCE = 5000;

/**
 * The page of the frame in which a program runs. A frame with `sandbox` has an origin of its own, without access to this page or to
 * stored data, and its policy forbids all requests. It starts the worker from the text that this page sends, and hands it the port.
 */
const ROOM = `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:; worker-src blob:; connect-src 'none'"><script>
onmessage = ({ data, source, ports }) => {
  onmessage = null;
  const worker = new Worker(URL.createObjectURL(new Blob([data], { type: "text/javascript" })));
  worker.onerror = (event) => source.postMessage({ failed: event.message || "the worker could not be started" }, "*");
  worker.postMessage(null, ports);
};
</script>`;

/** A frame with a worker that waits for its program. */
interface Room {
  readonly frame: HTMLIFrameElement;
  readonly port: MessagePort;
}

let text: Promise<string> | undefined;
let next: Promise<Room> | undefined;
/** Ends the program that runs, or whose timers may still run. */
let end: ((reason: string) => void) | undefined;

/** Makes ready to run a program, so that the page works offline from then on. */
export async function prepare(): Promise<void> {
  next ??= open();
  await next.catch((error) => {
    next = undefined;
    throw error;
  });
}

async function open(): Promise<Room> {
  text ??= load();
  const script = await text.catch((error) => {
    text = undefined;
    throw error;
  });
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.title = "Where programs run";
  frame.hidden = true;
  frame.srcdoc = ROOM;
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  document.body.append(frame);
  await loaded;
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow?.postMessage(script, "*", [port2]);
  return { frame, port: port1 };
}

async function load(): Promise<string> {
  const response = await fetch(workerUrl);
  if (!response.ok) throw new Error(`${workerUrl} could not be loaded: ${response.status}`);
  return response.text();
}

/**
 * Runs a program under `watch`, in a worker of its own. It never rejects; a program that does not end is stopped after five seconds.
 *
 * @param hear is called with each answer: lines of the console, the recording or an error, the end, and what timers and promises do later.
 */
export async function run(source: string, hear: (answer: Answer) => void): Promise<void> {
  stop();
  let room: Room;
  try {
    await prepare();
    room = await (next as Promise<Room>);
  } catch (error) {
    const problem = `The part of this page that computes could not be loaded: ${(error as Error).message}`;
    hear({ kind: "failed", text: problem, line: null });
    hear({ kind: "end" });
    return;
  }
  next = undefined;
  const { frame, port } = room;
  await new Promise<void>((resolve) => {
    let ended = false;
    const tell = (answer: Answer): void => {
      if (answer.kind === "end") {
        ended = true;
        resolve();
        void prepare().catch(() => {}); // the next program needs not wait
      }
      hear(answer);
    };
    const close = (reason: string): void => {
      clearTimeout(timer);
      removeEventListener("message", hearRoom);
      port.close();
      frame.remove();
      end = undefined;
      if (ended) return;
      tell({ kind: "failed", text: reason, line: null });
      tell({ kind: "end" });
    };
    const hearRoom = ({ source: from, data }: MessageEvent): void => {
      if (from === frame.contentWindow && typeof data?.failed === "string") close(data.failed);
    };
    const timer = setTimeout(() => close("it did not end within five seconds, and was stopped"), PATIENCE);
    end = close;
    addEventListener("message", hearRoom);
    port.onmessage = ({ data }): void => {
      tell(
        answerOf(data) ?? {
          kind: "failed",
          text: "its recording cannot be shown: the program has changed what gradus needs",
          line: null,
        },
      );
    };
    port.postMessage(source);
  });
}

/** Ends the program that runs, and the timers of one that has ended. */
export function stop(): void {
  end?.("stopped");
}
