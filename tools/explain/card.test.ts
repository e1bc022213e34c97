import { describe, expect, test } from "vitest";
import { registries } from "../catalogue/catalogue.ts";
import { cardOf, cardText, opNames } from "./card.ts";

const names = registries.flatMap(({ ops }) => Object.keys(ops));

test("every op of every registry can be explained", () => {
  expect(opNames()).toEqual([...names].sort());
});

describe("the card of", () => {
  test.each(names)("%s has its formula, gradient and source, within 40 and 100 columns", (name) => {
    const card = cardOf(name);
    for (const columns of [40, 100]) {
      const lines = cardText(card, columns);
      for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(columns);
      const text = lines.join(" ").replace(/\s+/g, "");
      expect(text).toContain(card.entry.formula.replace(/\s+/g, ""));
      expect(text).toContain(`source:${card.entry.file}:${card.entry.first}`);
      expect(text).toContain("compiled:");
      expect(text).toMatch(/gradient(rules|:fromtheops|:none)/);
    }
  });
});

test("the values of selu are those of its paper", () => {
  // λ = 1.0507009873554805, α = 1.6732632423543772: selu(−1) = λα(e⁻¹ − 1); the slope left of 0 is λα·eˣ, right of it λ.
  const text = cardText(cardOf("selu"), 100).join("\n");
  expect(text).toContain("-1  -1.1113     0.64677  0.64677");
  expect(text).toContain(" 1   1.0507      1.0507        0");
  expect(text).toContain("paper: Klambauer et al. 2017");
});

test("a value where the derivative is not defined is what gradus takes", () => {
  expect(cardOf("relu").values?.[1]).toEqual([0, 0, 0, 0]);
});

test("a rule is shown with its line", () => {
  const text = cardText(cardOf("mul"), 100).join("\n");
  expect(text).toMatch(/towards x, arithmetic\.ts:\d+\n +\(g, \{ inputs: \[, y\] \}\) => chain\(g, y\)/);
  expect(text).not.toContain("its derivative"); // no function of one number
});
