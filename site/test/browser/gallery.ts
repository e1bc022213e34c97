/** The gallery: search, links, movable x, numbers to change, and what is left without a server and without scripts. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registries } from "../../../tools/catalogue/catalogue.ts";
import { serveFolder } from "../../serve.ts";
import { pages } from "../../src/pages.tsx";
import type { Page } from "./driver.ts";
import { openLive, textOf } from "./live.ts";
import { type BrowserTest, check, picture, until } from "./test.ts";

const names = registries.flatMap(({ ops }) => Object.keys(ops));

/** The element with the keyboard's focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.id ?? "",
  );
}

async function pressUntil(page: Page, key: string, label: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if ((await focused(page)) === label) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} does not lead to ${label}; the focus is on ${await focused(page)}`);
}

/** A copy of the site whose pages name no scripts, for a browser whose driver cannot turn them off. */
async function withoutScripts(folder: string): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), "gradus-site-bare-"));
  cpSync(folder, copy, { recursive: true });
  for (const { path } of pages) {
    const file = join(copy, path, "index.html");
    writeFileSync(file, readFileSync(file, "utf8").replace(/<script[^>]*><\/script>/g, ""));
  }
  return copy;
}

/** A card comes to the upper edge of the window, and is still there half a second later. */
async function checkStays(page: Page, name: string): Promise<void> {
  const isThere = (id: string): boolean =>
    Math.abs(document.getElementById(id)?.getBoundingClientRect().top ?? 9999) < 150;
  await until(page, isThere, name);
  await new Promise((resolve) => setTimeout(resolve, 500));
  const top = await page.evaluate((id) => document.getElementById(id)?.getBoundingClientRect().top, name);
  check(Math.abs(top ?? 9999) < 150, `${name} is at ${top} px`);
}

export const galleryTests: readonly BrowserTest[] = [
  {
    name: "every op of every registry has a card that becomes live",
    async test(page, { address }) {
      await openLive(page, `${address}ops/`);
      const cards = await page.evaluate(() => [...document.querySelectorAll(".card")].map(({ id }) => id));
      check([...cards].sort().join() === [...names].sort().join(), `the page has the cards ${cards.join()}`);
      await page.evaluate(async () => {
        for (const card of document.querySelectorAll(".card")) {
          card.scrollIntoView();
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
      });
      await until(page, () =>
        [...document.querySelectorAll(".card")].every(
          (card) => card.querySelector(".controls output span + span, .example > div > div > .call") !== null,
        ),
      );
      const problems = await page.evaluate(() =>
        [...document.querySelectorAll(".problem")].map((one) => one.textContent).join(""),
      );
      check(problems === "", problems);
    },
  },
  {
    name: "by keyboard alone: search an op, move its x",
    async test(page, { address }) {
      await openLive(page, `${address}ops/`);
      await pressUntil(page, "Tab", "search");
      await page.keyboard.type("selu");
      await until(page, () => document.getElementById("count")?.textContent === "1 op");
      await until(page, () => document.querySelector("#selu input[type=range]") !== null);
      await pressUntil(page, "Tab", "x of selu");
      await page.keyboard.press("Home");
      await until(
        page,
        () => document.querySelector("#selu output")?.textContent?.startsWith("x −3f −1.6706") === true,
      );
      await page.keyboard.press("ArrowRight");
      await until(
        page,
        () => document.querySelector("#selu output")?.textContent?.startsWith("x −2.97") === true,
      );
      const said = await page.evaluate(
        () => document.querySelector("#selu input")?.getAttribute("aria-valuetext") ?? "",
      );
      check(said.startsWith("x −2.97: f −1.6679, f′"), said);
    },
  },
  {
    name: "a link shows its card, whatever is searched for",
    async test(page, { address }) {
      await openLive(page, `${address}ops/#selu`);
      await checkStays(page, "selu");
      await page.focus("#search");
      await page.keyboard.type("matmul");
      await until(page, () => document.getElementById("selu")?.checkVisibility() === false);
      await page.evaluate(() => {
        location.hash = "#tanh";
      });
      await until(page, () => document.getElementById("tanh")?.checkVisibility() === true);
      await checkStays(page, "tanh");
      // What stands above it grows, as a card does that becomes live.
      await page.evaluate(() => {
        (document.querySelector(".lead") as HTMLElement).style.paddingTop = "700px";
      });
      await checkStays(page, "tanh");
      // Then the page is the visitor's.
      await page.keyboard.press("Tab");
      await page.evaluate(() => scrollTo(0, 0));
      await page.evaluate(() => {
        (document.querySelector(".lead") as HTMLElement).style.paddingTop = "0";
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      check((await page.evaluate(() => scrollY)) === 0, "the page does not move by itself any more");
    },
  },
  {
    name: "a group leaves its cards",
    async test(page, { address }) {
      await openLive(page, `${address}ops/`);
      await page.focus("#group");
      await page.keyboard.type("losses");
      await until(page, () => /^\d ops$/.test(document.getElementById("count")?.textContent ?? ""));
      const shown = await page.evaluate(() =>
        [...document.querySelectorAll(".card")].filter((card) => card.checkVisibility()).map(({ id }) => id),
      );
      check(shown.includes("crossEntropy") && !shown.includes("selu"), shown.join());
    },
  },
  {
    name: "numbers can be changed, a refused number is explained, and the page lives on",
    async test(page, setting) {
      const { address } = setting;
      await openLive(page, `${address}ops/#outer`);
      await until(page, () => document.querySelector("#outer .numbers input") !== null);
      const write = async (selector: string, value: string): Promise<void> => {
        await page.evaluate(
          (found) => (document.querySelector(found) as HTMLInputElement).select(),
          selector,
        );
        await page.focus(selector);
        await page.keyboard.type(value);
      };
      await write("#outer .scroll:nth-child(1) input", "3");
      await write("#outer .scroll:nth-child(2) input", "-4");
      await until(
        page,
        () => document.querySelector("#outer button[aria-pressed=true]")?.textContent === "−12",
      );
      check((await textOf(page, "#outer .scroll:nth-child(1) small")) === "−4", "the derivative by x is y");
      check((await textOf(page, "#outer .scroll:nth-child(2) small")) === "3", "the derivative by y is x");

      await picture(page, setting, "ops-outer");
      await page.goto(`${address}ops/#oneHot`);
      await until(page, () => document.querySelector("#oneHot .numbers input") !== null);
      await write("#oneHot .numbers input", "7.5");
      await until(
        page,
        () =>
          document.querySelector("#oneHot .problem")?.textContent?.includes("oneHot([3]): index 7.5") ===
          true,
      );
      await write("#oneHot .numbers input", "0");
      await until(page, () => document.querySelector("#oneHot .problem")?.textContent === "");
      await page.click("#oneHot .example > div button:not([aria-pressed])");
      await until(
        page,
        () => (document.querySelector("#oneHot .numbers input") as HTMLInputElement).value !== "0",
      );
    },
  },
  {
    name: "once loaded it needs no server",
    async test(page, { folder }) {
      const server = await serveFolder(folder, "/other/");
      await openLive(page, `${server.address}ops/#tanh`);
      await until(page, () => document.querySelector("#tanh output span + span") !== null);
      await server.close();
      await page.focus("#tanh input[type=range]");
      await page.keyboard.press("End");
      await until(
        page,
        () => document.querySelector("#tanh output")?.textContent?.startsWith("x 3f 0.99505") === true,
      );
    },
  },
  {
    name: "without scripts every card can be read",
    async test(page, setting) {
      const { kind, folder, address } = setting;
      const bare = await withoutScripts(folder);
      const server = await serveFolder(bare, "/");
      try {
        if (kind.canEmulate) await page.setJavaScriptEnabled(false);
        await page.setViewport({ width: 1280, height: 900 });
        await page.goto(`${kind.canEmulate ? address : server.address}ops/`, { waitUntil: "load" });
        const [count, formula, search] = await page.evaluate(() => [
          document.querySelectorAll(".card").length,
          document.querySelector("#selu .formula")?.textContent,
          document.getElementById("filter")?.checkVisibility(),
        ]);
        check(count === names.length, `${count} cards`);
        check(formula === "out = λx if x > 0, else λα(eˣ − 1)", String(formula));
        check(search === false, "the search, which needs scripts, is hidden");
        for (const { path } of setting.pictures === undefined ? [] : pages) {
          await page.goto(`${kind.canEmulate ? address : server.address}${path}`, { waitUntil: "load" });
          await picture(page, setting, `${path.replace("/", "") || "landing"}-without-scripts`);
        }
      } finally {
        await server.close();
        rmSync(bare, { recursive: true });
      }
    },
  },
];
