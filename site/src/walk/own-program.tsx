import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useRef } from "preact/hooks";
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
  readonly error: { readonly text: string; readonly line: number | null } | null;
}

export const own = signal<Own>({ draft: "", fromLink: false, ran: null, running: false, error: null });

/** Runs a program. @returns the line of the error, if there is one. */
async function start(source: string, ran: () => void): Promise<number | null> {
  own.value = { ...own.value, running: true, error: null };
  const [answer, code] = await Promise.all([run(source), packed(source)]);
  if ("error" in answer) {
    own.value = { ...own.value, running: false, error: answer.error };
    return answer.error.line;
  }
  own.value = { ...own.value, ran: { source, recorded: answer.recorded, code }, running: false };
  ran();
  return null;
}

/** A place to type a program, and to run and stop it. */
export function OwnProgram({ ran }: { ran: () => void }): VNode {
  const { running, error, draft, fromLink } = own.value;
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
        void start(source, ran).then(async (line) => {
          if (line !== null) (await editor.current)?.showLine(line);
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
          data.
        </small>
      </p>
      <p role="status" class={error ? "error" : ""}>
        {running && "It runs …"}
        {error && `${error.line === null ? "" : `Line ${error.line}: `}${error.text}`}
      </p>
    </form>
  );
}
