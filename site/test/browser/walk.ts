/** The walk: by keyboard alone, sums of gradients, own programs, links, without server and scripts. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { serveFolder } from "../../serve.ts";
import type { Page } from "./driver.ts";
import { type BrowserTest, check, until } from "./test.ts";

const examples = readdirSync(fileURLToPath(new URL("../../src/walk/examples/", import.meta.url))).map(
  (file) => file.replace(/^\d+-|\.ts$/g, ""),
);

async function open(page: Page, address: string): Promise<void> {
  await page.setViewport({ width: 1280, height: 900 });
  await page.goto("about:blank"); // so that another part after "#" loads the page anew
  await page.goto(address, { waitUntil: "load" });
  await until(page, () => document.documentElement.dataset.live === "yes");
}

function textOf(page: Page, selector: string): Promise<string> {
  return page.evaluate((found) => document.querySelector(found)?.textContent ?? "", selector);
}

/** The gradient of a tensor on the tape. */
function gradientOf(page: Page, name: string): Promise<string> {
  return page.evaluate((wanted) => {
    const rows = [...document.querySelectorAll(".tape tbody tr")];
    const row = rows.find((one) => one.querySelector("th")?.textContent === wanted);
    return row?.querySelector(".gradient")?.textContent ?? "";
  }, name);
}

/** Types a program in place of the text, and runs it. */
async function runProgram(page: Page, source: string): Promise<void> {
  await page.evaluate((text) => {
    (document.getElementById("source") as HTMLTextAreaElement).value = text;
  }, source);
  await page.click(".own button[type=submit]");
}

export const walkTests: readonly BrowserTest[] = [
  {
    name: "every example is walked by keyboard alone, forward and backward, at each depth",
    async test(page, { address }) {
      await open(page, `${address}walk/`);
      for (const name of examples) {
        for (const depth of ["layers", "ops", "parts"]) {
          const link = `#ex=${name}&depth=${depth}&as=graph`;
          await page.evaluate((hash) => {
            location.hash = hash;
          }, link);
          await until(page, (hash) => location.hash === hash.replace("&depth=ops", ""), link);
          await page.keyboard.press("End");
          const last = await textOf(page, ".detail h2");
          const [, at, count] = /Step (\d+) of (\d+)/.exec(last) ?? [];
          check(at === count && Number(count) > 0, `${name}, ${depth}: End leads to "${last}"`);
          await page.keyboard.press("Home");
          check((await textOf(page, ".detail h2")) === "Before the first step", `${name}, ${depth}: Home`);
          for (let step = 1; step <= Math.min(Number(count), 6); step++) {
            await page.keyboard.press("ArrowRight");
            const now = await textOf(page, ".detail h2");
            check(now.startsWith(`Step ${step} of ${count}`), `${name}, ${depth}: step ${step} is "${now}"`);
          }
          await page.keyboard.press("ArrowLeft");
          check((await textOf(page, ".detail h2")) !== last || count === "1", `${name}: ArrowLeft goes back`);
        }
      }
    },
  },
  {
    name: "where does 3 come from? The key End shows a.grad = 1 + 2 = 3, and leads to both ways",
    async test(page, { address }) {
      await open(page, `${address}walk/`);
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
    name: "micrograd's numbers: 24.7041, 138.8338, 645.5773",
    async test(page, { address }) {
      await open(page, `${address}walk/#ex=micrograd`);
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
      await open(page, `${address}walk/#ex=own`);
      await runProgram(
        page,
        'import { backward, tensor, variable } from "gradus";\nconst x: number = 3;\nconst v = variable(tensor(x));\nbackward(v.mul(v));',
      );
      await until(page, () => document.querySelector(".tape") !== null);
      await page.focus(".transport .wide");
      await page.keyboard.press("End");
      check((await gradientOf(page, "v")) === "6", `v has the gradient ${await gradientOf(page, "v")}`);
      const hash = await page.evaluate(() => location.hash);
      check(/^#v=1&code=[\w-]+&at=3$/.test(hash), hash);
      await open(page, `${address}walk/${hash}`);
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
    name: "programs that do not parse, throw, do not end, or ask for what is not there: a message at its line",
    expected: /Failed to fetch|connect-src|NetworkError/, // of the program that asks for a file: the page's policy forbids it
    async test(page, { address }) {
      const cases: readonly (readonly [source: string, message: RegExp])[] = [
        ['import { tensor } from "gradus";\nconst x = tensor([1, 2);', /^Line 2: /],
        [
          'import { tensor } from "gradus";\n\ntensor([1, 2]).matmul(tensor([1, 2, 3]));',
          /^Line 3: matmul\(\[2\], \[3\]\): /,
        ],
        [
          'import { readFile } from "fs";\nreadFile("x");',
          /there is no "fs" on this page; import from gradus/,
        ],
        [
          'import { tensor } from "gradus";\ntensor(1).add(1);\nfor (;;) {}',
          /did not end within five seconds/,
        ],
        ["1 + 1;", /runs no op/],
        [
          'import { tensor, variable } from "gradus";\nlet x = variable(tensor(1));\nfor (let i = 0; i < 1e5; i++) x = x.add(1);',
          /watch: there are more than 20000 events/,
        ],
        ['fetch("http://127.0.0.1:1/");', /runs no op|not/],
      ];
      await open(page, `${address}walk/#ex=own`);
      for (const [source, message] of cases) {
        await runProgram(page, source);
        await until(
          page,
          () =>
            document.querySelector(".own .error") !== null &&
            !document.querySelector("[role=status]")?.textContent?.includes("It runs"),
        );
        const said = await textOf(page, ".own .error");
        check(message.test(said), `${source}: ${said}`);
      }
      await runProgram(page, 'import { tensor } from "gradus";\nconst x = tensor(1).add(1);');
      await until(page, () => document.querySelector(".tape") !== null); // the page lives on
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
        await open(page, `${address}walk/${link}`);
        check((await textOf(page, "h1")) === "Walk through a program", link);
        check((await page.evaluate(() => document.querySelector(".choices select"))) !== null, link);
      }
    },
  },
  {
    name: "the walk needs no server once it is loaded",
    async test(page, { folder }) {
      const server = await serveFolder(folder, "/other/");
      await open(page, `${server.address}walk/`);
      await server.close();
      await page.keyboard.press("End");
      check((await gradientOf(page, "a")) === "3", "the examples are in the page");
    },
  },
];
