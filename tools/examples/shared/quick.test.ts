import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { tooShortToJudge } from "../../../examples/shared/quick.ts";

const articles = new URL("../../../examples/articles/", import.meta.url);

test("experiments: a quick run says that it is too short to judge, and names the page that it may contradict", () => {
  expect(tooShortToJudge("docs/x.md")).toMatch(
    /too short to judge: its tables may contradict those of docs\/x\.md/,
  );
});

test.each(readdirSync(articles))(
  "experiments: the program %s prints this line, with its own page",
  (name) => {
    const program = readFileSync(new URL(`${name}/main.ts`, articles), "utf8");
    expect(program).toContain('"--quick"');
    expect(program).toMatch(
      new RegExp(`if \\(\\S*quick\\) console\\.log\\(tooShortToJudge\\("docs/${name}\\.md"\\)\\)`),
    );
  },
);
