import { describe, expect, test } from "vitest";
import { callerOf, firstOutside, here, parseStack } from "../../src/trap/caller.ts";

const own = "/repo/packages/core/src/trap/caller.ts";

describe("the caller is found in stacks of", () => {
  const caller = (stack: string, file = own) => firstOutside(parseStack(stack), file);

  test("V8, through async functions and Node's own frames", () => {
    const stack = `Error
    at here (file://${own}:20:12)
    at new Trap (/repo/packages/core/src/trap.ts:3:4)
    at Array.map (<anonymous>)
    at eval (eval at run (/repo/app.js:1:2), <anonymous>:3:4)
    at node:internal/process/task_queues:95:5
    at Dense.forward (/repo/packages/nn/src/layers/dense.ts:61:50)
    at async Promise.all (index 0)
    at async Fit.run (/repo/packages/train/dist/fit.js:1:1)
    at async file:///repo/app (1)/main.ts?v=3:12:34`;
    expect(caller(stack)).toBe("/repo/app (1)/main.ts:12:34");
    expect(caller("Error\n    at main (/repo/a b/(c)/x.ts:1:2)")).toBe("/repo/a b/(c)/x.ts:1:2");
    // K19: a function whose name has brackets.
    expect(caller("Error\n    at where(x, -1) (file:///app/x.ts:1:2)")).toBe("/app/x.ts:1:2");
    expect(caller("Error\n    at f (2) [as g] (/Program Files (x86)/x.ts:1:2)")).toBe(
      "/Program Files (x86)/x.ts:1:2",
    );
    expect(caller("Error\n    at main (C:\\app\\x.js:1:2)")).toBe("C:\\app\\x.js:1:2");
    expect(caller("Error\n    at file:///C:/app/x.mjs:1:2")).toBe("C:/app/x.mjs:1:2");
  });

  test("Firefox and WebKit", () => {
    const stack = `here@http://host/node_modules/@gradus/core/dist/trap/caller.js:20:12
log@http://host/node_modules/@gradus/core/dist/op.js:120:5
map@[native code]
async*forward@http://host/node_modules/@gradus/nn/dist/layers/dense.js:9:9
@http://host/app/main.js:7:8
global code@http://host/app/other.js:1:1`;
    expect(caller(stack, "http://host/node_modules/@gradus/core/dist/trap/caller.js")).toBe(
      "http://host/app/main.js:7:8",
    );
  });

  test("packages installed by npm, pnpm, prebundled by Vite, and bundled", () => {
    const outside = "/app/main.js:5:6";
    for (const inside of [
      "/app/node_modules/@gradus/core/dist/op.js:1:1",
      "/app/node_modules/.pnpm/@gradus+nn@0.1.0/node_modules/@gradus/nn/dist/index.js:1:1",
      "http://host/node_modules/.vite/deps/@gradus_train.js?v=12ab:1:1",
      "C:\\app\\node_modules\\@gradus\\optim\\dist\\adam.js:1:1",
      "/app/node_modules/@gradus/one-that-is-to-come/dist/x.js:1:1",
      "http://host/node_modules/.vite/deps/@gradus_snn.js:1:1",
      "/app/vendor.js:1:1",
    ]) {
      const stack = `Error\n    at f (${inside})\n    at g (${outside})`;
      expect(caller(stack, "/app/vendor.js")).toBe(outside);
    }
    // In the repository, too, any package counts.
    expect(caller("Error\n    at f (/repo/packages/to-come/src/x.ts:1:2)\n    at g (/app/main.js:5:6)")).toBe(
      outside,
    );
    // A folder that only looks like ours is the user's, and so are our tests.
    for (const file of ["/app/core/src/x.ts", "/repo/packages/core/test/x.ts", "/app/@gradus/mine/x.ts"]) {
      expect(caller(`Error\n    at f (${file}:1:2)`)).toBe(`${file}:1:2`);
    }
  });
});

describe("nothing is thrown", () => {
  test("for stacks without frames", () => {
    for (const stack of [
      undefined,
      3,
      "",
      "Error",
      "Error: at\n  x:1:2\n(((",
      `Error\n    at x (${own}:1:2)`,
    ]) {
      expect(firstOutside(parseStack(stack), own)).toBeNull();
    }
    const strange = Object.defineProperty(new Error(), "stack", {
      get() {
        throw new Error("mine");
      },
    });
    expect(callerOf(strange)).toBeNull();
  });

  test("if the depth of stacks cannot be set; else the depth is restored", () => {
    const V8 = Error as unknown as { stackTraceLimit: number };
    const limit = V8.stackTraceLimit;
    expect(here().stack).toMatch("caller.ts");
    expect(V8.stackTraceLimit).toBe(limit);
    Object.defineProperty(Error, "stackTraceLimit", { value: limit, writable: false, configurable: true });
    try {
      expect(callerOf(here())).toMatch("caller.test.ts");
    } finally {
      Object.defineProperty(Error, "stackTraceLimit", { value: limit, writable: true, configurable: true });
    }
  });

  test("a deep stack is read to its end", () => {
    const deep = (n: number): Error => (n === 0 ? here() : deep(n - 1));
    expect(parseStack(deep(50).stack).length).toBeGreaterThan(50);
  });
});
