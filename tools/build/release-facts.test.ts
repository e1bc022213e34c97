import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { releaseFacts, withFacts } from "./release-facts.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const manifestOf = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(`${root}${path}package.json`, "utf8"));
const folders = readdirSync(`${root}packages`).map((name) => `packages/${name}/`);

const facts = {
  author: "A. Author",
  homepage: "https://example.com",
  repository: { type: "git", url: "git+https://example.com/gradus.git" },
  bugs: { url: "https://example.com/bugs" },
};

test("complete facts are read unchanged", () => {
  expect(releaseFacts({ name: "root", ...facts })).toEqual(facts);
});

test("one error lists all facts that are empty, missing or no address", () => {
  const of = (changes: object) => () => releaseFacts({ ...facts, ...changes });
  expect(() => releaseFacts({})).toThrow(
    "release: fill in author, homepage, repository.url, bugs.url in the package.json of the root",
  );
  expect(of({ author: " " })).toThrow("fill in author in");
  expect(of({ homepage: "example.com" })).toThrow("fill in homepage in");
  expect(of({ repository: { type: "git", url: "" } })).toThrow("fill in repository.url in");
  expect(of({ bugs: {} })).toThrow("fill in bugs.url in");
});

test("a manifest gets the facts and its folder in the repository, and keeps the rest", () => {
  const manifest = { name: "gradus", version: "1.0.0", dependencies: { "@gradus/core": "^1.0.0" } };
  expect(withFacts(manifest, facts, "packages/gradus")).toEqual({
    ...manifest,
    ...facts,
    repository: { ...facts.repository, directory: "packages/gradus" },
  });
});

test("the root has a field for each fact, and no package has one of its own", () => {
  expect(Object.keys(manifestOf(""))).toEqual(expect.arrayContaining(Object.keys(facts)));
  for (const folder of folders) {
    expect(Object.keys(manifestOf(folder)).filter((key) => Object.hasOwn(facts, key))).toEqual([]);
  }
});

test("all packages have one version, and what a release needs", () => {
  const { version } = manifestOf("packages/core/");
  for (const folder of folders) {
    expect(manifestOf(folder)).toMatchObject({
      version,
      license: "MIT",
      type: "module",
      main: "./dist/index.js",
      types: "./dist/index.d.ts",
      publishConfig: { access: "public", provenance: true },
      description: expect.any(String),
      keywords: expect.any(Array),
    });
  }
});

test("files with side effects are there, in the sources and in what is built of them", () => {
  for (const folder of folders) {
    const named = [manifestOf(folder).sideEffects].flat().filter((path) => typeof path === "string");
    const sources = named.filter((path) => path.startsWith("./src/"));
    for (const path of sources) expect(existsSync(root + folder + path), folder + path).toBe(true);
    const built = sources.map((path) => path.replace("./src/", "./dist/").replace(/ts$/, "js"));
    expect(named.toSorted()).toEqual([...built, ...sources].toSorted());
  }
});
