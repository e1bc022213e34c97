/** What holds for every page: it can be read without scripts and at 320 px, axe-core finds nothing, links work. */
import { pages } from "../../src/pages.tsx";
import { type Page, violations } from "./driver.ts";
import { type BrowserTest, check, picture, until } from "./test.ts";

async function checkAccessible(page: Page, view: string): Promise<void> {
  const found = await violations(page);
  const text = found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n  ${nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary ?? ""}`).join("\n  ")}`,
  );
  check(found.length === 0, `${view}: ${text.join("\n")}`);
}

async function checkWidth(page: Page): Promise<void> {
  const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(content <= width, `the page is ${content} px wide in a window of ${width} px`);
}

/** When the page showed its first content, for information: a busy machine is no failure. */
async function firstPaint(page: Page): Promise<string> {
  await until(page, () => performance.getEntriesByName("first-contentful-paint").length > 0);
  return page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0].startTime.toFixed());
}

/** Cards are built alike, and axe-core takes long for hundreds: only Chromium's first view has all, the others every eighth. */
function hideMost(): void {
  document.querySelectorAll<HTMLElement>(".card").forEach((card, i) => {
    if (i % 8 !== 0) card.style.display = "none";
  });
}

const looks = pages.map(
  ({ path, title }): BrowserTest => ({
    name: `/${path} is accessible in light, dark and at 320 px`,
    async test(page, setting) {
      const name = path.replace("/", "") || "landing";
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(setting.address + path, { waitUntil: "load" });
      check((await page.evaluate(() => document.title)).startsWith(title), "the title names the page");
      console.log(`  first paint after ${await firstPaint(page)} ms`);
      if (setting.kind.name !== "chromium") await page.evaluate(hideMost);
      await checkAccessible(page, "light");
      await checkWidth(page);
      await picture(page, setting, `${name}-light`);
      await page.evaluate(hideMost);
      if (setting.kind.canEmulate) {
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
        await checkAccessible(page, "dark");
        await picture(page, setting, `${name}-dark`);
        const session = await page.createCDPSession();
        const forced = [{ name: "forced-colors", value: "active" }];
        await session.send("Emulation.setEmulatedMedia", { features: forced });
        await picture(page, setting, `${name}-forced-colours`);
        await session.send("Emulation.setEmulatedMedia", { features: [] });
      }
      await page.setViewport({ width: 320, height: 700 });
      await checkAccessible(page, "320 px");
      await checkWidth(page);
      await picture(page, setting, `${name}-320`);
    },
  }),
);

export const pageTests: readonly BrowserTest[] = [
  ...looks,
  {
    name: "every link of the site has a target",
    async test(page, { address }) {
      for (const { path } of pages) {
        await page.goto(address + path, { waitUntil: "load" });
        const broken = await page.evaluate(async () => {
          const links = new Set([...document.querySelectorAll("a")].map(({ href }) => href));
          const texts = new Map<string, string | null>();
          const lost: string[] = [];
          for (const href of links) {
            const [file, anchor] = href.split("#");
            if (!texts.has(file)) {
              const answer = await fetch(file);
              texts.set(file, answer.ok ? await answer.text() : null);
            }
            const text = texts.get(file) ?? null;
            // The page Walk reads "ex=twice" as the choice of an example.
            if (anchor?.startsWith("ex=") && text?.includes(` id="walk"`)) continue;
            if (text === null || (anchor !== undefined && !text.includes(` id="${anchor}"`))) lost.push(href);
          }
          return lost;
        });
        check(broken.length === 0, `/${path}: ${broken.join(", ")}`);
      }
    },
  },
  {
    name: "the first Tab leads to the content, and focus can be seen",
    async test(page, { address }) {
      await page.goto(address, { waitUntil: "load" });
      await page.keyboard.press("Tab");
      const outline = await page.evaluate(() => {
        const { className, textContent } = document.activeElement as HTMLElement;
        return [className, textContent, getComputedStyle(document.activeElement as Element).outlineStyle];
      });
      check(outline.join() === "skip,To the content,solid", `focus is on ${outline.join()}`);
    },
  },
];
