import type { Browser, Kind, Page } from "./driver.ts";

/** Where a test runs. */
export interface Setting {
  readonly kind: Kind;
  readonly browser: Browser;
  /** The files of the site. */
  readonly folder: string;
  /** The address of the first page. */
  readonly address: string;
  /** A folder for pictures of the pages. */
  readonly pictures: string | undefined;
}

/** A test in a browser, on a new page. */
export interface BrowserTest {
  readonly name: string;
  /** Errors of the page that belong to the test. Default: none. */
  readonly expected?: RegExp;
  test(page: Page, setting: Setting): Promise<void>;
}

/** Runs a test on a new page; other errors of the page than those expected, and requests to other hosts, fail it. */
export async function withPage(
  setting: Setting,
  { test, expected }: Omit<BrowserTest, "name">,
): Promise<void> {
  const page = await setting.browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error on the page: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const url = request.url();
    if (/^(https?|wss?):/.test(url) && new URL(url).hostname !== "127.0.0.1")
      problems.push(`request to ${url}`);
  });
  try {
    await test(page, setting);
  } finally {
    await page.close();
  }
  const unexpected = problems.filter((problem) => !expected?.test(problem));
  check(unexpected.length === 0, unexpected.join("\n"));
}

/** Fails a test with a message. */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}

/** Waits until something holds on the page; the message of the error is the text of the condition. */
export async function until<A extends readonly unknown[]>(
  page: Page,
  condition: (...args: A) => unknown,
  ...args: A
): Promise<void> {
  await page.waitForFunction(condition, { timeout: 20_000 }, ...args);
}

/** Saves what the page looks like, if pictures are asked for. */
export async function picture(page: Page, { pictures, kind }: Setting, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${kind.name}-${name}.png` });
}
