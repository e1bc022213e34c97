import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pageFolders } from "../build.ts";
import { serveFolder } from "../serve.ts";
import { slope } from "../src/landing/program.ts";
import { pages } from "../src/pages.tsx";

test("every page has its folder, and every folder its page", () => {
  expect(pages.map(({ path }) => path).sort()).toEqual(pageFolders().sort());
});

test("the program of the first page prints what its comments say", () => {
  expect(slope).toBe(12);
});

test("the server gives the files of its folder under its path, and nothing else", async () => {
  const above = mkdtempSync(join(tmpdir(), "gradus-serve-"));
  mkdirSync(join(above, "files/inner"), { recursive: true });
  writeFileSync(join(above, "secret.js"), "1");
  writeFileSync(join(above, "files/index.html"), "first");
  writeFileSync(join(above, "files/inner/index.html"), "inner");
  const server = await serveFolder(join(above, "files"), "/sub/");
  const get = async (path: string): Promise<string | number> => {
    const response = await fetch(new URL(path, server.address));
    return response.ok ? response.text() : response.status;
  };
  expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sub\/$/);
  expect(await get("")).toBe("first");
  expect(await get("inner/")).toBe("inner");
  for (const path of ["none.html", "/", "..%2fsecret.js", "inner/..%2f..%2fsecret.js", "%ff"]) {
    expect([path, await get(path)]).toEqual([path, 404]);
  }
  await server.close();
  rmSync(above, { recursive: true });
});
