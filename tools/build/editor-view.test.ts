import { fileURLToPath } from "node:url";
import { ops } from "@gradus/core";
import { expect, test } from "vitest";
import { editorView, methodComplaints } from "./editor-view.ts";

/** The folder from which packages are resolved. */
const tools = fileURLToPath(new URL("..", import.meta.url));

// check-packed.ts asks the same of the installed packages.
test("every method of Tensor shows the comment of its op, takes its params and leads to its declaration", () => {
  const methods = Object.values(ops).flatMap(({ spec }) => ("list" in spec ? [] : spec.name));
  expect(methods).toHaveLength(Object.keys(ops).length - 2); // concat and stack take a list
  // A method that is no op must be found: all else is right.
  expect(methodComplaints(tools, [...methods, "toArray"], ["@gradus/source"])).toEqual([
    expect.stringMatching("Property 'toArray' does not exist on type"),
    expect.stringMatching("Property 'toArray' does not exist on type"),
    expect.stringMatching("Property 'toArray' does not exist on type"),
    "toArray: shows another comment than its op",
    expect.stringMatching("toArray: leads to .*src/conversions.ts"),
    "toArray: leads elsewhere than its op",
  ]);
});

test("an editor shows signature, comment and tags, and finds the declaration", () => {
  const text =
    "/** Half of it. @example half(2); // 1 */\nconst half = (x: number): number => x / 2;\nhalf(3);";
  const view = editorView(tools, text);
  expect(view.problems).toEqual([]);
  expect(view.at(text.lastIndexOf("half"))).toEqual({
    signature: "const half: (x: number) => number",
    documentation: "Half of it.\n@example half(2); // 1",
    definitions: [{ file: expect.stringMatching(/editor-program\.ts$/), name: "half" }],
  });
});
