import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
import { Code } from "../shell/scroll.tsx";
import type { Failure } from "./answer.ts";
import { prepare, run, stop } from "./client.ts";
import { packed } from "./code-link.ts";
import type { Editor } from "./editor.ts";
import type { Recorded } from "./example.ts";

/** The program of one's own. */
interface Own {
  /** The text that the editor begins with. */
  readonly draft: string;
  /** Whether the draft came with a link: somebody else wrote it. */
  readonly fromLink: boolean;
  /** The last one that ran to its end, and its text for links. */
  readonly ran: { readonly source: string; readonly recorded: Recorded; readonly code: string } | null;
  readonly running: boolean;
  readonly error: Failure | null;
  /** What it wrote to the console. */
  readonly lines: readonly string[];
}

const fresh: Own = { draft: "", fromLink: false, ran: null, running: false, error: null, lines: [] };

export const own = signal<Own>(fresh);

/** Shows a text in place of the last program, and runs nothing. */
export function offer(part: Partial<Own>): void {
  stop();
  own.value = { ...fresh, ...part };
}

/** The count of programs that were started: a late answer may belong to an earlier one. */
let started = 0;

/** Runs a program. @param ran is called when it has run to its end. @param failed is called with the line of a mistake. */
async function start(source: string, ran: () => void, failed: (line: number) => void): Promise<void> {
  const id = ++started;
  own.value = { ...own.value, running: true, error: null, lines: [] };
  const code = await packed(source);
  await run(source, (answer) => {
    if (id !== started) return;
    const now = own.value;
    if (answer.kind === "line") own.value = { ...now, lines: [...now.lines, answer.text] };
    else if (answer.kind === "end") own.value = { ...now, running: false };
    else if (answer.kind === "failed") {
      own.value = { ...now, error: now.error ?? answer };
      if (answer.line !== null && now.error === null) failed(answer.line);
    } else {
      note(answer.took);
      own.value = { ...now, ran: { source, recorded: answer.recorded, code } };
      ran();
    }
  });
}

/** Times for the tools of browsers, and for tests. */
function note(took: Readonly<Record<string, number>>): void {
  for (const [name, duration] of Object.entries(took))
    if (duration >= 0) performance.measure(`walk ${name}`, { start: 0, duration });
}

/** A place to type a program, and to run and stop it. */
export function OwnProgram({ ran }: { ran: () => void }): VNode {
  const { running, error, draft, fromLink, lines } = own.value;
  const form = useRef<HTMLFormElement>(null);
  const editor = useRef<Promise<Editor | null> | null>(null);
  const edit = ({ currentTarget }: { currentTarget: HTMLTextAreaElement }): void => {
    // Without the editor, for instance offline before it was loaded, the text area does as well.
    editor.current ??= import("./editor.ts").then(
      ({ editorFor }) => editorFor(currentTarget, () => form.current?.requestSubmit()),
      () => null,
    );
    void prepare().catch(() => {}); // the button Run says why, if it fails again
  };
  return (
    <form
      class="own"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (own.value.running) return;
        const source = String(new FormData(event.currentTarget).get("source"));
        void start(source, ran, (line) => {
          void editor.current?.then((shown) => shown?.showLine(line));
        });
      }}
    >
      {fromLink && <p class="note">This program came with the link. Read it before you run it.</p>}
      <label for="source">Your program</label>
      <textarea
        id="source"
        name="source"
        rows={10}
        spellcheck={false}
        autocomplete="off"
        autocapitalize="off"
        defaultValue={draft}
        onFocus={edit}
      />
      <p>
        <button type="submit" disabled={running}>
          Run
        </button>{" "}
        <button type="button" disabled={!running} onClick={() => stop()}>
          Stop
        </button>{" "}
        <small>
          Ctrl+Enter runs it too. It runs in this browser only, without access to the network or to stored
          data, for at most five seconds.
        </small>
      </p>
      <p role="status" class={error ? "error" : ""}>
        {running && "It runs …"}
        {error && `${error.line === null ? "" : `Line ${error.line}: `}${error.text}`}
      </p>
      {lines.length > 0 && (
        <section class="console" aria-label="Console">
          <Code text={lines.join("\n")} label="What the program wrote" />
        </section>
      )}
    </form>
  );
}
