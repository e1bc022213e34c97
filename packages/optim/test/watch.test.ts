import { backward, Parameter } from "@gradus/core";
import { watch } from "@gradus/core/watch";
import { expect, test } from "vitest";
import { Adam, SGD } from "../src/index.ts";

test("watch shows a parameter before and after the step of an optimizer, and changes no bit", () => {
  const run = (use: (step: () => void) => unknown): number[] => {
    const w = new Parameter([1, -2]);
    const adam = new Adam([["w", w]], { learningRate: 0.1 });
    for (let i = 0; i < 3; i++) use(() => adam.step(backward(w.square().sum())));
    return [...w.data];
  };
  expect(run(watch)).toEqual(run((step) => step()));
});

test("the update of SGD is w − rate·g, with the name of the parameter", () => {
  const w = new Parameter([1, -2]);
  const sgd = new SGD([["w", w]], { learningRate: 0.25 });
  const { events, tensors } = watch(({ name }) => {
    name(w, "w");
    sgd.step(backward(w.square().sum()));
  });
  const changes = events.flatMap((event) =>
    event.kind === "update" && tensors[event.parameter].kind === "parameter"
      ? [[event.name, tensors[event.before], tensors[event.after]] as const]
      : [],
  );
  // The gradient is 2·w: w − 0.25·2·w = w/2.
  expect(changes).toMatchObject([
    ["SGD", { name: "w", numbers: [1, -2] }, { name: "w", numbers: [0.5, -1] }],
  ]);
});
