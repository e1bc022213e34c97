/**
 * `pnpm release:check`: builds and checks every package and packs it into out/release, with author, addresses and
 * repository in its manifest. It refuses while the root does not have them. Nothing is published; its last line says how to.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { releaseFacts, withFacts } from "./release-facts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const out = join(root, "out/release");
const readJson = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, "utf8"));
const run = (command: string, args: readonly string[], cwd: string): void => {
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
};

const facts = releaseFacts(readJson(join(root, "package.json")));
run("pnpm", ["build"], root);
run("pnpm", ["check:packages"], root);
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of readdirSync(join(root, "packages"))) {
  const folder = join(root, "packages", name);
  const work = mkdtempSync(join(tmpdir(), "gradus-release-"));
  try {
    run("pnpm", ["pack", "--pack-destination", work], folder); // workspace:^ becomes a version here
    const [tarball] = readdirSync(work);
    run("tar", ["-xzf", tarball], work);
    const path = join(work, "package/package.json");
    writeFileSync(path, `${JSON.stringify(withFacts(readJson(path), facts, `packages/${name}`), null, 2)}\n`);
    run(
      "npm",
      ["pack", "./package", "--ignore-scripts", "--loglevel=error", "--pack-destination", out],
      work,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
console.log(`Packed ${readdirSync(out).join(", ")} into out/release.`);
console.log("Publish each with npm publish FILE, gradus last: from a workflow, for the provenance.");
