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
  const result = useSignal<OpResult | null>(null);
  const problem = useSignal("");
  useEffect(() => {
    let current = true; // no later call has been made
    ask({ kind: "call", call: call.value, element: element.value }).then(
      (answer) => {
        if (!current) return;
        if (result.value === null) onReady();
        result.value = answer;
        problem.value = "";
      },
      (error: Error) => {
        if (current) problem.value = error.message;
      },
    );
    return () => {
      current = false;
    };
  }, [call.value, element.value]);
  if (result.value === null) return null;
  return (
    <>
      <CallView
        key={resets.value}
        names={names}
        call={call.value}
        result={result.value}
        element={element.value}
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
