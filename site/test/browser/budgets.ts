/**
 * How long pages take. The figures are printed always. A machine that runs tests is often busy and takes turns of 8 ms away, so a quarter
 * of the tries must be fast, and only a multiple of the budget fails.
 */
import { programOf } from "../../src/walk/program.ts";
import { recorded } from "../../src/walk/recorded.ts";
import type { Page } from "./driver.ts";
import { openLive, runProgram } from "./live.ts";
import { type BrowserTest, check, until } from "./test.ts";

/** So many times the budget a quarter of the tries may take before the test fails. */
const GENEROUS = 5;

/** The value that this share of the values does not exceed. */
function quantile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(share * values.length)];
}

/** Prints the quartile and the median of some times in milliseconds, and compares the quartile with its budget. */
function checkBudget(what: string, times: readonly number[], budget: number): void {
  const time = quantile(times, 1 / 4);
  const median = quantile(times, 1 / 2);
  console.log(
    `  ${what}: quartile ${time.toFixed(1)} ms, median ${median.toFixed(1)}, of ${times.length}; the budget is ${budget} ms`,
  );
  check(
    time <= GENEROUS * budget,
    `${what}: ${time.toFixed()} ms; even a busy machine needs at most ${GENEROUS * budget}`,
  );
}

/** What each page draws first with its scripts. */
const pictures: Readonly<Record<string, string>> = {
  "": "#learn input",
  "walk/": ".transport",
  "ops/": "#filter:not([hidden])",
  "compile/": "#compile svg",
  "parts/": ".card",
};

/** First paint and first picture of a page, in milliseconds after its request. */
async function load(
  page: Page,
  address: string,
  selector: string,
): Promise<[paint: number, picture: number]> {
  await page.goto("about:blank");
  await page.goto(address, { waitUntil: "load" });
  await until(page, () => performance.getEntriesByName("first-contentful-paint").length > 0);
  // The latest that it can have been: the driver asks in every frame.
  await until(
    page,
    (wanted) => {
      if (document.querySelector(wanted) === null) return false;
      if (performance.getEntriesByName("picture").length === 0) performance.mark("picture");
      return true;
    },
    selector,
  );
  return page.evaluate(() => [
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    performance.getEntriesByName("picture")[0].startTime,
  ]);
}

/** A program with about 300 events. */
const long = `import { backward, createRng, crossEntropy, Dense, Sequential, selu, tensor } from "gradus";
const rng = createRng("budget");
const layers = Array.from({ length: 16 }, () => new Dense(4, 4, { rng, activation: selu }));
const net = new Sequential(...layers);
const loss = crossEntropy(net.forward(tensor([[1, 2, 3, 4]])), tensor([1]));
backward(loss);`;

export const budgetTests: readonly BrowserTest[] = [
  {
    name: "budgets: first paint after 0.5 s and first picture after 1 s, on each page",
    async test(page, { address }) {
      await page.setViewport({ width: 1280, height: 900 });
      for (const [path, selector] of Object.entries(pictures)) {
        const times: [number, number][] = [];
        for (let i = 0; i < 3; i++) times.push(await load(page, address + path, selector));
        checkBudget(
          `/${path} first paint`,
          times.map(([paint]) => paint),
          500,
        );
        checkBudget(
          `/${path} first picture`,
          times.map(([, picture]) => picture),
          1000,
        );
      }
    },
  },
  {
    name: "budgets: 300 events are recorded in 100 ms and laid out in 500 ms, a step of the walk takes 2 ms",
    async test(page, { address }) {
      await openLive(page, `${address}walk/#ex=own`);
      const [recording, layout]: [number[], number[]] = [[], []];
      const { events } = recorded(programOf(long)).trace;
      for (let i = 0; i < 3; i++) {
        await runProgram(page, `${long}\n// ${i}`);
        await until(
          page,
          (text) => document.querySelector(".program")?.textContent?.includes(text) === true,
          `// ${i}`,
        );
        const [recordTime, layoutTime] = await page.evaluate(() =>
          ["walk record", "walk layout"].map(
            (name) => performance.getEntriesByName(name).at(-1)?.duration ?? Number.NaN,
          ),
        );
        recording.push(recordTime);
        layout.push(layoutTime);
      }
      console.log(`  ${events.length} events`);
      check(events.length > 250 && events.length < 400, `the program has ${events.length} events`);
      checkBudget("recording", recording, 100);
      checkBudget("layout", layout, 500);
      for (const drawing of ["list", "graph"]) {
        await page.click(`input[value=${drawing}]`);
        await page.focus(".transport .wide");
        await page.keyboard.press("Home");
        const steps = await page.evaluate(async () => {
          const detail = document.querySelector(".detail");
          const times: number[] = [];
          for (let i = 0; i < 40; i++) {
            const before = detail?.querySelector("h2")?.textContent;
            const start = performance.now();
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            // The page draws in a microtask.
            for (let turn = 0; turn < 100 && detail?.querySelector("h2")?.textContent === before; turn++)
              await null;
            times.push(
              detail?.querySelector("h2")?.textContent === before ? Number.NaN : performance.now() - start,
            );
          }
          return times;
        });
        check(!steps.some(Number.isNaN), `each key does a step of the ${drawing}`);
        checkBudget(`a step of the ${drawing}`, steps, 2);
      }
    },
  },
];
