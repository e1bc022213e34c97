/** The compile page: the steps by keyboard, and the digests of this browser. */
import { type BrowserTest, check, until } from "./test.ts";

export const compileTests: readonly BrowserTest[] = [
  {
    name: "compile: every program gives the digests of Node in this browser, in all four ways",
    async test(page, { address }) {
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(`${address}compile/`, { waitUntil: "load" });
      await until(page, () => document.documentElement.dataset.live === "yes");
      const names = await page.evaluate(() =>
        [...document.querySelectorAll("#compile option")].map(
          (option) => (option as HTMLOptionElement).value,
        ),
      );
      check(names.length >= 4, names.join());
      for (const name of names) {
        await page.evaluate((next) => {
          location.hash = `#${next}`;
        }, name);
        await until(
          page,
          (next) => (document.querySelector("#compile select") as HTMLSelectElement).value === next,
          name,
        );
        await page.click("#here");
        await until(page, () => document.querySelector("[role=status] .hashes") !== null);
        const said = await page.evaluate(
          () => [...document.querySelectorAll("#compile [role=status]")].at(-1)?.textContent ?? "",
        );
        check(
          said.includes("the same bits in all four") && said.includes("the same as in Node"),
          `${name}: ${said}`,
        );
      }
    },
  },
  {
    name: "compile: the slider goes through the steps by keyboard, and marks the row",
    async test(page, { address }) {
      await page.goto(`${address}compile/`, { waitUntil: "load" });
      await until(page, () => document.documentElement.dataset.live === "yes");
      await page.focus("#compile input[type=range]");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowRight");
      const row = await page.evaluate(
        () => document.querySelector("#compile [aria-current] th")?.textContent ?? "",
      );
      check(row === "3", `row ${row}`);
    },
  },
];
