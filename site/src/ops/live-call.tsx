import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { CallView } from "./call-view.tsx";
import { ask } from "./client.ts";
import type { OpCall, OpResult } from "./evaluate.ts";

export interface LiveCallProps {
  readonly names: readonly string[];
  readonly call: OpCall;
  /** Called when it has its first numbers. */
  readonly onReady: () => void;
}

/** A call whose numbers can be changed; the worker computes results and gradient. */
export function LiveCall({ names, call: start, onReady }: LiveCallProps): VNode | null {
  const call = useSignal(start);
  const element = useSignal(0);
  const resets = useSignal(0);
  // Results are shown with the call and the element that they belong to.
  const shown = useSignal<{
    readonly call: OpCall;
    readonly element: number;
    readonly result: OpResult;
  } | null>(null);
  const problem = useSignal("");
  useEffect(() => {
    const asked = { call: call.value, element: element.value };
    let current = true; // no later question has been asked
    ask({ kind: "call", ...asked }).then(
      (result) => {
        if (shown.value === null) onReady();
        shown.value = { ...asked, result };
        if (current) problem.value = "";
      },
      (error: Error) => {
        if (current) problem.value = `${error.message}. The results are those of the last numbers that fit.`;
      },
    );
    return () => {
      current = false;
    };
  }, [call.value, element.value]);
  if (shown.value === null) return null;
  return (
    <>
      <CallView
        key={resets.value}
        names={names}
        {...shown.value}
        edit={(input, index, value) => {
          const inputs = call.value.inputs.map((x, i) =>
            i === input ? { ...x, data: x.data.with(index, value) } : x,
          );
          call.value = { ...call.value, inputs };
        }}
        choose={(chosen) => {
          element.value = chosen;
        }}
      />
      <p class="problem" role="status">
        {problem.value}
      </p>
      {call.value !== start && (
        <button
          type="button"
          onClick={() => {
            call.value = start;
            resets.value++;
          }}
        >
          First numbers
        </button>
      )}
    </>
  );
}
