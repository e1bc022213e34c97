import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { servePage } from "./page-server.ts";

test("serves only the files of its folder, and returns the data that the page sends", async () => {
  const above = mkdtempSync(join(tmpdir(), "gradus-page-"));
  const folder = join(above, "site");
  mkdirSync(join(folder, "inner"), { recursive: true });
  writeFileSync(join(folder, "page.html"), "<title>page</title>");
  writeFileSync(join(folder, "inner/code.js"), "export {};");
  writeFileSync(join(folder, "notes.txt"), "not of a kind that pages load");
  writeFileSync(join(above, "secret.js"), "");
  const server = await servePage(folder);
  try {
    const page = await fetch(server.address);
    expect(await page.text()).toBe("<title>page</title>");
    expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    const code = await fetch(new URL("inner/code.js?v=1", server.address));
    expect([code.status, code.headers.get("content-type")]).toEqual([200, "text/javascript"]);
    for (const other of ["missing.js", "notes.txt", "inner", "..%2fsecret.js"]) {
      expect((await fetch(new URL(other, server.address))).status, other).toBe(404);
    }
    await fetch(new URL("answer", server.address), { method: "POST", body: "42" });
    expect(await server.answer).toBe("42");
  } finally {
    server.close();
    rmSync(above, { recursive: true });
  }
});
