/** Opens pages in browsers; a page sends an answer back. */
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { servePage } from "./page-server.ts";
import { onPath, start, within } from "./processes.ts";

/** A program and its first arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** Chromium, if it is installed. */
export const findChromium = (): Command | undefined =>
  onPath("chromium", "chromium-browser", "google-chrome");

/** Firefox, if it is installed. */
export const findFirefox = (): Command | undefined => onPath("firefox-esr", "firefox");

/** The arguments for Firefox without a window. @param profile the folder for its files. */
export const headlessFirefox = (profile: string): readonly string[] => [
  "--headless",
  "--no-remote",
  "--profile",
  profile,
];

/** The arguments for Chromium without a window. @param profile the folder for its files. */
export function headlessChromium(profile: string): readonly string[] {
  return [
    "--headless=new",
    "--no-sandbox", // the sandbox refuses root and most containers; the page is our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    `--user-data-dir=${profile}`,
  ];
}

/**
 * Opens `page.html` of a folder in a browser, and returns the data that the page sends to `answer` by POST.
 *
 * @param argsFor the arguments in front of the address.
 * @param seconds the time limit of the page.
 * @param headers of every response.
 */
export async function answerOfPage(
  command: Command,
  argsFor: (profile: string) => readonly string[],
  folder: string,
  seconds: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const profile = mkdtempSync(join(folder, "profile-"));
  const server = await servePage(folder, headers);
  const running = start([...command, ...argsFor(profile), server.address], {
    cwd: folder,
    env: { HOME: profile, TMPDIR: profile },
  });
  const ended = running.output.then((): never => {
    throw new Error(`${command[0]} ended without an answer`);
  });
  try {
    return await within(seconds, Promise.race([server.answer, ended]));
  } finally {
    server.close();
    await running.end();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
