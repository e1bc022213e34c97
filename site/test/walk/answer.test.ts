import { expect, test } from "vitest";
import { walks } from "../../plugins/walks.ts";
import { answerOf } from "../../src/walk/answer.ts";

test("an answer of the worker is read", () => {
  expect(answerOf('{"kind":"end"}')).toEqual({ kind: "end" });
  expect(answerOf('{"kind":"line","text":"x"}')).toEqual({ kind: "line", text: "x" });
  expect(answerOf('{"kind":"failed","text":"no","line":3}')).toEqual({ kind: "failed", text: "no", line: 3 });
  const [{ recorded }] = walks();
  const took = { record: 1.5, layout: 2 };
  expect(answerOf(JSON.stringify({ kind: "ran", recorded, took }))).toEqual({
    kind: "ran",
    took,
    recorded: JSON.parse(JSON.stringify(recorded)),
  });
});

test("what is no answer is null, and a message is never an object", () => {
  const element = { type: "img", props: {}, constructor: undefined };
  const others = [
    undefined,
    null,
    5,
    "",
    "{",
    "null",
    '{"kind":"ran"}',
    '{"kind":"ran","recorded":{"trace":{"events":[{"kind":"op"}],"tensors":[]}}}',
    '{"kind":"line","text":{"type":"img"}}',
    '{"kind":"failed","text":["x"]}',
    { kind: "line", text: element },
  ];
  for (const other of others) expect(answerOf(other), JSON.stringify(other)).toBeNull();
  expect(answerOf('{"kind":"failed","text":"x","line":{"type":"img"}}')).toEqual({
    kind: "failed",
    text: "x",
    line: null,
  });
});
