/** The part of puppeteer-core and axe-core that the tests use. Both are in a folder of their own: `pnpm test:browsers:driver`. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { findChromium, findFirefox } from "../../../tools/shared/browsers.ts";

export interface Page {
  goto(address: string, options?: { waitUntil: "load" }): Promise<unknown>;
  evaluate<A extends readonly unknown[], R>(
    run: string | ((...args: A) => R),
    ...args: A
  ): Promise<Awaited<R>>;
  waitForFunction<A extends readonly unknown[]>(
    run: string | ((...args: A) => unknown),
    options: { timeout: number },
    ...args: A
  ): Promise<unknown>;
  setViewport(size: { width: number; height: number }): Promise<void>;
  setJavaScriptEnabled(enabled: boolean): Promise<void>;
  emulateMediaFeatures(features: readonly { name: string; value: string }[]): Promise<void>;
  focus(selector: string): Promise<void>;
  click(selector: string): Promise<void>;
  readonly keyboard: {
    press(key: string): Promise<void>;
    down(key: string): Promise<void>;
    up(key: string): Promise<void>;
    type(text: string): Promise<void>;
  };
  screenshot(options: { path: `${string}.png`; fullPage?: boolean }): Promise<unknown>;
  on(event: "console", listener: (message: { type(): string; text(): string }) => void): unknown;
  on(event: "pageerror", listener: (error: Error) => void): unknown;
  on(event: "request", listener: (request: { url(): string }) => void): unknown;
  /** Chromium only. */
  createCDPSession(): Promise<{ send(method: string, params: object): Promise<unknown> }>;
  close(): Promise<void>;
}

export interface Browser {
  newPage(): Promise<Page>;
  version(): Promise<string>;
  close(): Promise<void>;
}

/** A browser that the tests know. */
export interface Kind {
  readonly name: "chromium" | "firefox";
  /** The program, if it is installed. */
  find(): readonly [program: string, ...args: string[]] | undefined;
  /** Whether the driver can choose dark colours and forced colours, and turn scripts off. */
  readonly canEmulate: boolean;
}

export const kinds: readonly Kind[] = [
  { name: "chromium", find: findChromium, canEmulate: true },
  { name: "firefox", find: findFirefox, canEmulate: false },
];

const modules = new URL("node_modules/", import.meta.url);

/** Starts a browser without a window. @throws Error if the driver is not installed. */
export async function launch(kind: Kind, program: string): Promise<Browser> {
  const entry = new URL("puppeteer-core/lib/esm/puppeteer/puppeteer-core.js", modules);
  if (!existsSync(entry)) throw new Error("the driver is not installed: run `pnpm test:browsers:driver`");
  // As for visitors: a frame with `sandbox` has a process of its own, so that a program that fills memory does not take the page along.
  process.env.PUPPETEER_TEST_EXPERIMENTAL_CHROME_FEATURES = "true";
  const { default: puppeteer } = await import(fileURLToPath(entry));
  return puppeteer.launch({
    browser: kind.name === "firefox" ? "firefox" : "chrome",
    executablePath: program,
    // The sandbox refuses root and most containers; the pages are our own.
    args: kind.name === "firefox" ? [] : ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** A rule that a page breaks, and where. */
export interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[];
}

/** Checks the shown page with axe-core. */
export async function violations(page: Page): Promise<readonly Violation[]> {
  await page.evaluate(readFileSync(new URL("axe-core/axe.min.js", modules), "utf8"));
  const run =
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 3).map(({ target, failureSummary }) => ({ target, failureSummary })) })))';
  return (await page.evaluate(run)) as readonly Violation[];
}
