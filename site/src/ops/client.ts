import type { Answered, Answers, Asked, Question } from "./protocol.ts";

let worker: Worker | undefined;
let lastId = 0;
const waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();

/** Starts the worker, if it does not run yet. The page does so when it is idle, so that it works offline from then on. */
export function startWorker(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Answered>): void => {
    const waits = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) waits?.reject(new Error(data.error));
    else waits?.resolve(data.answer as never);
  };
  worker.onerror = (): void => {
    for (const { reject } of waiting.values())
      reject(new Error("The part of this page that computes could not be loaded."));
    waiting.clear();
    worker = undefined; // the next question tries again
  };
  return worker;
}

/** Asks the worker. Rejects with the message of gradus for a call that it refuses. */
export function ask<Q extends Question>(question: Q): Promise<Answers[Q["kind"]]> {
  const id = ++lastId;
  const answer = new Promise<Answers[Q["kind"]]>((resolve, reject) => {
    waiting.set(id, { resolve, reject });
  });
  startWorker().postMessage({ id, question } satisfies Asked);
  return answer;
}
