/** The walk by keyboard alone: all examples, chosen by keys, all steps, all depths. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { depths } from "../../src/walk/state.ts";
import type { Page } from "./driver.ts";
import { openLive, textOf } from "./live.ts";
import { type BrowserTest, check } from "./test.ts";

export const examples: readonly string[] = readdirSync(
  fileURLToPath(new URL("../../src/walk/examples/", import.meta.url)),
).map((file) => file.replace(/^\d+-|\.ts$/g, ""));

/** Moves the focus by Tab, or back by Shift and Tab, to "select-one", "radio depth", or "play", a button that leaves the arrows to the walk. */
async function tabTo(page: Page, wanted: string, way: "on" | "back"): Promise<void> {
  if (way === "back") await page.keyboard.down("Shift");
  for (let i = 0; i < 40; i++) {
    const now = await page.evaluate(() => {
      const { type, name, className, textContent } = document.activeElement as HTMLInputElement;
      if (type === "button") return className === "wide" && textContent !== "Next" ? "play" : "button";
      return [type, name].filter((text) => text).join(" ");
    });
    if (now === wanted) {
      if (way === "back") await page.keyboard.up("Shift");
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${wanted}`);
}

function chosen(page: Page, selector: string): Promise<string> {
  return page.evaluate((found) => (document.querySelector(found) as HTMLInputElement).value, selector);
}

/** Goes by arrow keys through all steps, back and forward, from the last; the first step that is not shown, "" if all are. */
function walked(page: Page, count: number): Promise<string> {
  return page.evaluate(async (steps) => {
    const told: string[] = [];
    for (let i = 0; i < 2 * steps; i++) {
      const key = i < steps ? "ArrowLeft" : "ArrowRight";
      document.activeElement?.dispatchEvent(
        new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
      );
      await new Promise((resolve) => setTimeout(resolve));
      const heading = document.querySelector(".detail h2")?.textContent ?? "";
      const step = i < steps ? steps - 1 - i : i - steps + 1;
      const begin = step === 0 ? "Before the first step" : `Step ${step} of ${steps},`;
      if (!heading.startsWith(begin)) return `${key} leads to "${heading}" in place of step ${step}`;
      told[step] ??= heading;
      if (told[step] !== heading)
        return `step ${step} is "${heading}", and was "${told[step]}" on the way back`;
    }
    return "";
  }, count);
}

export const keyboardTests: readonly BrowserTest[] = [
  {
    name: "every example is walked by keyboard alone, each step forward and back, at each depth",
    async test(page, { address }) {
      await openLive(page, `${address}walk/`);
      const heading = (): Promise<string> => textOf(page, ".detail h2");
      const press = async (...keys: string[]): Promise<void> => {
        for (const key of keys) await page.keyboard.press(key);
      };
      for (const [i, name] of examples.entries()) {
        // The examples are chosen in their list, depths by their buttons.
        await tabTo(page, "select-one", i === 0 ? "on" : "back");
        if (i > 0) await press("ArrowDown");
        check(
          (await chosen(page, "select")) === name,
          `${name} is chosen, not ${await chosen(page, "select")}`,
        );
        for (const [at, depth] of depths.entries()) {
          await tabTo(page, "radio depth", at === 0 ? "on" : "back");
          await press(...depths.map(() => "ArrowLeft").slice(0, at === 0 ? depths.indexOf("ops") : 0));
          if (at > 0) await press("ArrowRight");
          check((await chosen(page, "[name=depth]:checked")) === depth, `${name}: depth ${depth}`);
          await tabTo(page, "play", "on");
          await press("Home");
          check(
            (await heading()) === "Before the first step",
            `${name}, ${depth}: Home leads to "${await heading()}"`,
          );
          await press("End");
          const last = await heading();
          const [, end, count] = /Step (\d+) of (\d+)/.exec(last) ?? [];
          check(end === count && Number(count) > 0, `${name}, ${depth}: End leads to "${last}"`);
          const problem = await walked(page, Number(count));
          check(problem === "", `${name}, ${depth}: ${problem}`);
        }
        // Back to the depth that it began with.
        await tabTo(page, "radio depth", "back");
        await press("ArrowLeft");
      }
    },
  },
];
