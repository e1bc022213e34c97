import { expect, test } from "vitest";
import { closeWaysOut, explained } from "../../src/walk/closed.ts";

test("ways out of a worker throw however they are used", () => {
  const scope = {} as Record<string, never> & { fetch(): void; WebSocket: new () => object };
  closeWaysOut(scope);
  expect(() => scope.fetch()).toThrow(
    "fetch is not here: a program on this page has no access to the network",
  );
  expect(() => new scope.WebSocket()).toThrow("WebSocket is not here");
  expect(() => (scope.indexedDB as { open: unknown }).open).toThrow("indexedDB is not here");
  expect(typeof scope.Worker).toBe("function"); // asking what it is does no harm
});

test("a missing global of pages and of Node is explained; other messages stay", () => {
  expect(explained("document is not defined")).toMatch(/^document is not here: .* without a page/);
  expect(explained("process is not defined")).toMatch(/without Node$/);
  expect(explained("x is not defined")).toBe("x is not defined");
  expect(explained("constructor is not defined")).toBe("constructor is not defined");
});
