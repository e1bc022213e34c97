/** The walk: sums of gradients, own programs, links, without server and scripts. */
import { serveFolder } from "../../serve.ts";
import type { Page } from "./driver.ts";
import { examples } from "./keyboard.ts";
import { openLive, runProgram, textOf } from "./live.ts";
import { type BrowserTest, check, until } from "./test.ts";

/** The gradient of a tensor on the tape. */
function gradientOf(page: Page, name: string): Promise<string> {
  return page.evaluate((wanted) => {
    const rows = [...document.querySelectorAll(".tape tbody tr")];
    const row = rows.find((one) => one.querySelector("th")?.textContent === wanted);
    return row?.querySelector(".gradient")?.textContent ?? "";
  }, name);
}

export const walkTests: readonly BrowserTest[] = [
  {
    name: "pictures of every example, if asked for",
    async test(page, { address, pictures, kind }) {
      if (pictures === undefined) return;
      for (const name of examples) {
        for (const drawing of ["list", "graph"] as const) {
          await openLive(page, `${address}walk/#ex=${name}${drawing === "graph" ? "&as=graph" : ""}&at=999`);
          await page.screenshot({
            path: `${pictures}/${kind.name}-walk-${name}-${drawing}.png`,
            fullPage: true,
          });
        }
        await page.setViewport({ width: 320, height: 700 });
        await page.screenshot({ path: `${pictures}/${kind.name}-walk-${name}-320.png`, fullPage: true });
        if (!kind.canEmulate) continue;
        await page.setViewport({ width: 1280, height: 900 });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
        await page.screenshot({ path: `${pictures}/${kind.name}-walk-${name}-dark.png`, fullPage: true });
        await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
      }
    },
  },
  {
    name: "where does 3 come from? The key End shows a.grad = 1 + 2 = 3, and leads to both ways",
    async test(page, { address }) {
      await openLive(page, `${address}walk/`);
      await page.keyboard.press("End");
      check((await gradientOf(page, "a")) === "3", `a has the gradient ${await gradientOf(page, "a")}`);
      check(
        (await textOf(page, ".sum .total")) === "gradient of a = 1 + 2 = 3",
        await textOf(page, ".sum .total"),
      );
      await page.click(".sum button");
      check(
        (await textOf(page, ".detail h2")).includes("a ← add, input 1"),
        await textOf(page, ".detail h2"),
      );
      check((await gradientOf(page, "a")) === "1", "before the second way a has 1");
    },
  },
  {
    name: "where does 3 come from? From the first page five keys lead to the sum (docs/see-a-step.md)",
    async test(page, { address }) {
      await page.setViewport({ width: 1280, height: 900 });
      await page.goto(address, { waitUntil: "load" });
      for (const key of ["Tab", "Tab", "Tab"]) await page.keyboard.press(key);
      check(
        (await page.evaluate(() => document.activeElement?.textContent ?? "")) === "Walk",
        "the focus is on Walk",
      );
      await page.keyboard.press("Enter");
      await until(
        page,
        () => location.pathname.endsWith("/walk/") && document.documentElement.dataset.live === "yes",
      );
      await page.keyboard.press("End");
      await until(page, () => document.querySelector(".sum .total") !== null);
      check((await textOf(page, ".sum .total")) === "gradient of a = 1 + 2 = 3", await textOf(page, ".sum"));
    },
  },
  {
    name: "micrograd's numbers: 24.7041, 138.8338, 645.5773",
    async test(page, { address }) {
      await openLive(page, `${address}walk/#ex=micrograd`);
      await page.keyboard.press("End");
      const g = await page.evaluate(
        () => document.querySelector(".tape tbody tr:last-child td:nth-child(3)")?.textContent,
      );
      check(g === "24.704", `g is ${g}`);
      check((await gradientOf(page, "a")) === "138.83", await gradientOf(page, "a"));
      check((await gradientOf(page, "b")) === "645.58", await gradientOf(page, "b"));
    },
  },
  {
    name: "a program of one's own runs, its link shows it to others and runs nothing unasked",
    async test(page, { address }) {
      await openLive(page, `${address}walk/#ex=own`);
      await runProgram(
        page,
        'import { backward, tensor, variable } from "gradus";\nconst x: number = 3;\nconst v = variable(tensor(x));\nbackward(v.mul(v));',
      );
      await until(page, () => document.querySelector(".tape") !== null);
      await page.focus(".transport .wide");
      await page.keyboard.press("End");
      check((await gradientOf(page, "v")) === "6", `v has the gradient ${await gradientOf(page, "v")}`);
      await until(page, () => location.hash.endsWith("&at=3"));
      const hash = await page.evaluate(() => location.hash);
      check(/^#v=1&code=[\w-]+&at=3$/.test(hash), hash);
      await openLive(page, `${address}walk/${hash}`);
      check(
        (await textOf(page, ".own .note")).includes("came with the link"),
        "the page says where it is from",
      );
      const [source, ran, frames] = await page.evaluate(() => [
        (document.getElementById("source") as HTMLTextAreaElement).value,
        document.querySelector(".tape"),
        document.querySelectorAll("iframe").length,
      ]);
      check(String(source).includes("variable(tensor(x))"), String(source));
      check(ran === null && frames === 0, "nothing ran");
    },
  },
  {
    name: "broken and hostile links show a page",
    async test(page, { address }) {
      const links = [
        "#code=AAAA",
        "#v=1&code=%FF%00",
        "#ex=__proto__&depth=constructor&at=1e9&as=x",
        "#at=-7",
        "#%",
        "#=&=&&",
        "#ex=mlp&at=NaN",
      ];
      for (const link of links) {
        await openLive(page, `${address}walk/${link}`);
        check((await textOf(page, "h1")) === "Walk through a program", link);
        check((await page.evaluate(() => document.querySelector(".choices select"))) !== null, link);
      }
      // Any bytes, one after the other on the same page.
      const ran = await page.evaluate(async () => {
        for (let i = 0; i < 200; i++) {
          const bytes = crypto.getRandomValues(new Uint8Array(1 + i));
          const text = btoa(String.fromCharCode(...bytes))
            .replace(/\+/g, "-")
            .replace(/\//g, "_");
          location.hash = i % 2 ? `v=1&code=${text}&at=${i}` : String.fromCharCode(...bytes);
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return document.querySelectorAll("iframe").length;
      });
      check(ran === 0, "nothing runs");
      await page.evaluate(() => {
        location.hash = "ex=twice";
      });
      await until(page, () => document.querySelector("select")?.value === "twice");
      await page.keyboard.press("End");
      check((await textOf(page, ".detail h2")).startsWith("Step 6 of 6"), "the page lives on");
    },
  },
  {
    name: "the walk needs no server once it is loaded",
    async test(page, { folder }) {
      const server = await serveFolder(folder, "/other/");
      await openLive(page, `${server.address}walk/`);
      await server.close();
      await page.keyboard.press("End");
      check((await gradientOf(page, "a")) === "3", "the examples are in the page");
    },
  },
];
