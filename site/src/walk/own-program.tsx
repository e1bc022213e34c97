import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { type Ran, run, stop } from "./client.ts";
import type { Recorded } from "./example.ts";

/** The program of one's own. */
interface Own {
  /** The last one that ran to its end. */
  readonly ran: { readonly source: string; readonly recorded: Recorded } | null;
  readonly running: boolean;
  readonly error: { readonly text: string; readonly line: number | null } | null;
}

export const own = signal<Own>({ ran: null, running: false, error: null });

async function start(source: string, ran: () => void): Promise<void> {
  own.value = { ...own.value, running: true, error: null };
  const answer: Ran = await run(source);
  if ("error" in answer) own.value = { ...own.value, running: false, error: answer.error };
  else {
    own.value = { ran: { source, recorded: answer.recorded }, running: false, error: null };
    ran();
  }
}

/** A place to type a program, and to run and stop it. */
export function OwnProgram({ first, ran }: { first: string; ran: () => void }): VNode {
  const { running, error } = own.value;
  return (
    <form
      class="own"
      onSubmit={(event) => {
        event.preventDefault();
        const text = new FormData(event.currentTarget as HTMLFormElement).get("source");
        void start(String(text), ran);
      }}
    >
      <label>
        Your program
        <textarea name="source" rows={12} spellcheck={false} autocomplete="off" autocapitalize="off">
          {first}
        </textarea>
      </label>
      <p>
        <button type="submit" disabled={running}>
          Run
        </button>{" "}
        <button type="button" disabled={!running} onClick={() => stop()}>
          Stop
        </button>{" "}
        <small>It runs in this browser only, without access to the network or to stored data.</small>
      </p>
      <p role="status" class={error ? "error" : ""}>
        {running && "It runs …"}
        {error && `${error.line === null ? "" : `Line ${error.line}: `}${error.text}`}
      </p>
    </form>
  );
}
