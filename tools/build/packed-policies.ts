/** The one-file form of gradus on pages with a Content Security Policy, in each browser that is installed. */
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  answerOfPage,
  type Command,
  findChromium,
  findFirefox,
  headlessChromium,
  headlessFirefox,
} from "../shared/browsers.ts";
import { inPageAndWorker, inWorker, type Told, telling } from "./packed-programs.ts";

/** The time limit of a page, in seconds. */
const SECONDS = 120;

/** A policy, and what must be found under it. */
interface Policy {
  readonly policy: string;
  readonly simd: boolean;
  readonly threads: RegExp;
  readonly warning?: RegExp;
}

const POLICIES: readonly Policy[] = [
  { policy: "default-src 'self'", simd: false, threads: /^1$/, warning: /script-src 'wasm-unsafe-eval'/ },
  {
    policy: "script-src 'self' 'wasm-unsafe-eval'",
    simd: true,
    threads: /GradusError: threads: .*worker-src blob:$/,
  },
  { policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:", simd: true, threads: /^2$/ },
];

const BROWSERS: Readonly<
  Record<string, readonly [Command | undefined, (profile: string) => readonly string[]]>
> = {
  Chromium: [findChromium(), headlessChromium],
  Firefox: [findFirefox(), headlessFirefox],
};

/** A result of {@link trainUnderPolicies}: where, and the digest there. */
export type Place = readonly [place: string, digest: string];

/**
 * Trains in a page and in a worker under each policy.
 *
 * @param file gradus.js.
 * @returns the digests; a browser that is not installed has the digest undefined.
 * @throws Error if the engine, the threads or the warnings are not as they must be under a policy.
 */
export async function trainUnderPolicies(
  project: string,
  file: string,
): Promise<readonly (readonly [place: string, digest: string | undefined])[]> {
  const folder = join(project, "policies");
  mkdirSync(folder);
  copyFileSync(file, join(folder, "gradus.js"));
  const files = { "run.js": telling("./gradus.js"), "page.js": inPageAndWorker, "worker.js": inWorker };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const page = '<!doctype html>\n<meta charset="utf-8">\n<script type="module" src="page.js"></script>\n';
  writeFileSync(join(folder, "page.html"), page);
  const found = await Promise.all(
    Object.entries(BROWSERS).map(async ([browser, [command, args]]) => {
      if (command === undefined) return [[browser, undefined] as const];
      const places: Place[] = [];
      for (const policy of POLICIES) {
        const headers = { "Content-Security-Policy": policy.policy };
        const told = JSON.parse(await answerOfPage(command, args, folder, SECONDS, headers)) as Record<
          string,
          Told
        >;
        for (const [part, result] of Object.entries(told)) {
          const place = `gradus.js in a ${part} of ${browser} under ${policy.policy}`;
          check(place, policy, result);
          places.push([place, result.digest]);
        }
      }
      return places;
    }),
  );
  return found.flat();
}

function check(place: string, { simd, threads, warning }: Policy, told: Told): void {
  const { warnings = [] } = told;
  const warned =
    warning === undefined ? warnings.length === 0 : warnings.length === 1 && warning.test(warnings[0]);
  if (told.simd === simd && threads.test(`${told.threads}`) && warned) return;
  throw new Error(`${place}: ${JSON.stringify(told)}`);
}
