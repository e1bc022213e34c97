import type { Curve, OpCall, OpResult } from "./evaluate.ts";

/** What the page asks of the worker. */
export type Question =
  | { readonly kind: "call"; readonly call: OpCall; readonly element: number }
  | {
      readonly kind: "curve";
      readonly call: OpCall;
      readonly by: number;
      readonly points: readonly number[];
    };

/** The answer to a question of each kind. */
export interface Answers {
  readonly call: OpResult;
  readonly curve: Curve;
}

/** A question with a number, by which its answer is found. */
export interface Asked {
  readonly id: number;
  readonly question: Question;
}

/** An answer, or the message of the error. */
export type Answered =
  | { readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly id: number; readonly error: string };
