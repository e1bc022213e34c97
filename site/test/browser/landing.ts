/** The first page: the picture that moves by itself, its controls, and the hash of this browser. */
import type { Page } from "./driver.ts";
import { type BrowserTest, check, picture, until } from "./test.ts";

async function open(page: Page, address: string): Promise<void> {
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto(address, { waitUntil: "load" });
  await until(page, () => document.documentElement.dataset.live === "yes");
}

/** The step that the slider shows. */
function stepOf(page: Page): Promise<number> {
  return page.evaluate(() => Number((document.querySelector("#learn input") as HTMLInputElement).value));
}

function caption(page: Page): Promise<string> {
  return page.evaluate(() => document.querySelector("#learn figcaption")?.textContent ?? "");
}

export const landingTests: readonly BrowserTest[] = [
  {
    name: "landing: the picture plays once and rests; this browser gets the hash of Node",
    async test(page, setting) {
      await open(page, setting.address);
      check((await stepOf(page)) < 400, "it begins before the end");
      await until(page, () => document.querySelector("#learn button")?.textContent === "Play");
      check((await stepOf(page)) === 400, "it rests at the last step");
      await until(page, () => document.querySelector("#verdict")?.textContent?.startsWith("✓") === true);
      const said = await caption(page);
      check(/^Step 400: loss 0\.0\d+, 200 of 200 points right$/.test(said), said);
      await picture(page, setting, "landing-played");
    },
  },
  {
    name: "landing: pause, and go to any step by keyboard",
    async test(page, { address }) {
      await open(page, address);
      await page.focus("#learn button");
      await page.keyboard.press("Enter");
      await until(page, () => document.querySelector("#learn button")?.textContent === "Play");
      const paused = await stepOf(page);
      await page.focus("#learn input[type=range]");
      await page.keyboard.press("Home");
      await until(page, () =>
        document.querySelector("#learn figcaption")?.textContent?.startsWith("Step 0:"),
      );
      for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
      const step = await stepOf(page);
      check(step === 20 && paused <= 400, `step ${step} after five keys`);
      const plane = await page.evaluate(
        () => document.querySelector("#learn svg")?.getAttribute("aria-label") ?? "",
      );
      check(plane.includes("Two spirals of points") && plane.includes("points right"), plane);
    },
  },
  {
    name: "landing: nothing moves by itself where reduced motion is wished",
    async test(page, { address, kind }) {
      if (!kind.canEmulate) return; // Firefox's driver cannot choose it
      await page.emulateMediaFeatures([{ name: "prefers-reduced-motion", value: "reduce" }]);
      await open(page, address);
      check((await stepOf(page)) === 400, "it shows the end");
      check((await caption(page)).startsWith("Step 400:"), await caption(page));
      await page.click("#learn button");
      await until(page, () => document.querySelector("#learn button")?.textContent === "Pause");
    },
  },
];
