import { hashTensors, ones, zeros } from "@gradus/core";
import { expect, test } from "vitest";
import { compile } from "../../src/index.ts";
import { named, trainer } from "./trainer.ts";

test("profile takes a step and says how long each of its parts took", () => {
  const [plain, fast] = [trainer(), trainer()];
  const compiled = compile(fast.step);
  const [x, target] = [ones([2, 3]), zeros([2, 2])];
  const times = compiled.profile(x, target);
  plain.step(x, target);
  expect(hashTensors(named(fast.parameters))).toBe(hashTensors(named(plain.parameters)));
  expect(times.filter(({ name }) => name === "matmul").length).toBe(5);
  expect(times.every(({ ms }) => ms >= 0)).toBe(true);
  expect(times.at(-1)?.name).toBe("descend");
});
