/** What several tests do on a page that has become live. */
import type { Page } from "./driver.ts";
import { until } from "./test.ts";

/** Opens a page of the site anew, also if only the part after "#" is another one, and waits for its scripts. */
export async function openLive(page: Page, address: string): Promise<void> {
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto("about:blank");
  await page.goto(address, { waitUntil: "load" });
  await until(page, () => document.documentElement.dataset.live === "yes");
}

/** The text of an element; "" if there is none. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.evaluate((found) => document.querySelector(found)?.textContent ?? "", selector);
}

/** Types a program in place of the text, and runs it. */
export async function runProgram(page: Page, source: string): Promise<void> {
  await page.evaluate((text) => {
    (document.getElementById("source") as HTMLTextAreaElement).value = text;
  }, source);
  await page.click(".own button[type=submit]");
}
