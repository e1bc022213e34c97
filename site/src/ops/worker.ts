/** Runs ops away from the main thread. */
import { curve, evaluate } from "./evaluate.ts";
import type { Answered, Answers, Asked, Question } from "./protocol.ts";

function answer(question: Question): Answers[keyof Answers] {
  if (question.kind === "call") return evaluate(question.call, question.element);
  return curve(question.call, question.by, question.points);
}

self.onmessage = ({ data: { id, question } }: MessageEvent<Asked>): void => {
  let message: Answered;
  try {
    message = { id, answer: answer(question) };
  } catch (error) {
    message = { id, error: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(message);
};
