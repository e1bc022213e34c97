import type { Curve, OpCall, OpResult } from "./evaluate.ts";
import type { Span } from "./size.ts";

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

/** With what a card becomes live, by the name of the op: what its plot draws, or the call whose numbers can be changed. */
export type LiveCards = Readonly<Record<string, LivePlotData | { call: OpCall; names: readonly string[] }>>;

/** What a plot draws: the call as a function of its input at position `by`, and the ranges of both axes. */
export interface LivePlotData {
  readonly call: OpCall;
  readonly by: number;
  readonly x: Span;
  readonly y: Span;
}
