/** What becomes of gradus where WebAssembly or workers are refused. */
// biome-ignore lint/correctness/noUndeclaredDependencies: for the tests beside it
import { expect } from "vitest";
import { type InHost, type Told, TRAIN, withHosts } from "./in-host.ts";

const uses = {
  train: TRAIN,
  small: "return gradus.compile((x) => x.square().sum())(gradus.ones([10])).item();",
  large: "return gradus.ones([128, 128]).matmul(gradus.ones([128, 128])).sum().item();",
  threads: "return await gradus.threads(2);",
  again: TRAIN,
  supported: "return gradus.simdSupported();",
  useSimd: "return gradus.useSimd(true);",
  end: "return await gradus.threads(1);",
};

const value = (told: Told, use: keyof typeof uses): unknown =>
  (told.outcomes[use] as { value?: unknown }).value ?? told.outcomes[use];

/** A WebAssembly of which one part refuses, by throwing something. */
const refusing = (part: string, thrown: string): string => `
globalThis.WebAssembly = Object.create(WebAssembly, {
  ${part}: { value: function () { throw ${thrown}; } },
});`;

const REFUSALS: Readonly<Record<string, string>> = {
  "there is no WebAssembly": "delete globalThis.WebAssembly;",
  "WebAssembly is null": "globalThis.WebAssembly = null;",
  "reading WebAssembly throws": `Object.defineProperty(globalThis, "WebAssembly", { get() { throw new Error("no"); } });`,
  "WebAssembly is empty": "globalThis.WebAssembly = {};",
  "only validate is there": "globalThis.WebAssembly = { validate: WebAssembly.validate };",
  "validate says no": "WebAssembly.validate = () => false;",
  "validate throws": refusing("validate", 'new TypeError("no")'),
  "validate says yes, and all else is missing":
    "globalThis.WebAssembly = Object.freeze({ validate: () => true });",
  "compiling throws a CompileError, as a Content Security Policy does": refusing(
    "Module",
    `new WebAssembly.CompileError("WebAssembly.Module(): violates the Content Security Policy directive\\n script-src 'self'")`,
  ),
  "compiling throws an EvalError": refusing(
    "Module",
    'new EvalError("Code generation from bytes is disallowed")',
  ),
  "compiling throws an error of another realm": refusing(
    "Module",
    '{ name: "CompileError", message: "foreign" }',
  ),
  "compiling throws a text": refusing("Module", '"no code\\nhere"'),
  "compiling throws undefined": refusing("Module", "undefined"),
  "compiling throws what has no text": refusing("Module", "Object.create(null)"),
  "compiling is no constructor":
    "globalThis.WebAssembly = Object.create(WebAssembly, { Module: { value: () => {} } });",
  "instantiating throws a LinkError": refusing("Instance", 'new WebAssembly.LinkError("imports")'),
  "instantiating throws an Error": refusing("Instance", 'new Error("disallowed by embedder")'),
  "an instance has no exports": `globalThis.WebAssembly = Object.create(WebAssembly, { Instance: { value: class {} } });`,
  "memory throws a RangeError": refusing("Memory", 'new RangeError("could not allocate memory")'),
  "memory throws an Error": refusing("Memory", 'new Error("shared memory is off")'),
  "memory is not shared": `
    const { Memory } = WebAssembly;
    globalThis.WebAssembly = Object.create(WebAssembly, {
      Memory: { value: function ({ initial }) { return new Memory({ initial }); } },
    });`,
};

/** Hosts in which the engine works. */
const FINE: Readonly<Record<string, string>> = {
  nothing: "",
  "WebAssembly is frozen": "Object.freeze(WebAssembly);",
};

async function expectPlain(run: InHost, [name, change]: readonly [string, string], digest: unknown) {
  const told = await run(change, uses);
  expect([name, value(told, "train"), value(told, "again")]).toEqual([name, digest, digest]);
  expect([name, value(told, "small"), value(told, "large")]).toEqual([name, 10, 128 ** 3]);
  expect([name, value(told, "threads"), value(told, "end")]).toEqual([name, 1, 1]);
  expect([name, value(told, "supported"), value(told, "useSimd")]).toEqual([name, false, false]);
  const { warnings } = told;
  expect([name, warnings.length]).toEqual([name, 1]); // threads(2) is 1, and that is said
  expect(warnings[0]).not.toMatch(/\n|\[object/);
  expect(warnings[0]).toMatch(/one thread|there is only one/);
  return warnings[0];
}

/**
 * However WebAssembly is refused, the plain loops must run with the same bits, with one warning.
 *
 * @param some names of {@link REFUSALS}; without it all.
 */
export async function expectPlainWhereRefused(
  some: readonly string[] = Object.keys(REFUSALS),
): Promise<void> {
  await withHosts(async (run) => {
    const fine = await Promise.all(
      Object.entries(FINE).map(async ([name, change]) => [name, await run(change, uses)]),
    );
    const digests = (fine as [string, Told][]).map(([name, told]) => {
      expect([name, told.warnings]).toEqual([name, []]);
      expect([name, value(told, "threads")]).toEqual([name, 2]);
      expect(value(told, "again")).toBe(value(told, "train"));
      return value(told, "train");
    });
    const [digest] = digests;
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(digests).size).toBe(1);
    const warnings = await Promise.all(some.map((name) => expectPlain(run, [name, REFUSALS[name]], digest)));
    const policy = warnings.find((line) => line.includes("violates"));
    expect(policy).toMatch(/^gradus: the plain loops run.*CompileError: .*script-src 'wasm-unsafe-eval'$/);
  });
}

/** As in a browser: no modules of Node, and a Worker of this kind. */
const page = (worker: string): string => `
delete process.getBuiltinModule; process.getBuiltinModule = undefined;
globalThis.crossOriginIsolated = true;
${worker}`;

const WORKERS: Readonly<Record<string, readonly [change: string, message: RegExp]>> = {
  "there is no Worker": [
    page("delete globalThis.Worker;"),
    /^GradusError: threads: this host has no Worker$/,
  ],
  "the constructor throws, as by a policy in Firefox": [
    page(
      'globalThis.Worker = function () { throw new DOMException("The operation is insecure.", "SecurityError"); };',
    ),
    /^GradusError: threads: .*insecure.*worker-src blob:$/,
  ],
  "the script is not loaded, as by a policy in Chromium": [
    page(`globalThis.Worker = class {
      postMessage() { setTimeout(() => this.onerror({ type: "error" })); }
      terminate() {}
    };`),
    /^GradusError: threads: this page could not load a worker\. .*worker-src blob:$/,
  ],
  "there is no Blob": [
    page("globalThis.Worker = class {}; delete globalThis.Blob;"),
    /^GradusError: threads: .*Blob/,
  ],
  "there are no object URLs": [
    page("globalThis.Worker = class {}; URL.createObjectURL = undefined;"),
    /^GradusError: threads: .*createObjectURL/,
  ],
  "the module of Node throws": [
    `const { getBuiltinModule } = process;
    process.getBuiltinModule = (name) => name === "node:worker_threads"
      ? { Worker: function () { throw new Error("Worker is not implemented"); } } : getBuiltinModule(name);`,
    /^GradusError: threads: .*not implemented/,
  ],
  "there is no SharedArrayBuffer": [
    "delete globalThis.SharedArrayBuffer;",
    /^GradusError: threads: this host has no SharedArrayBuffer$/,
  ],
  "there are no Atomics": ["delete globalThis.Atomics;", /^GradusError: threads: this host has no Atomics$/],
  "the engine starts, and no second instance does": [
    `const { Instance } = WebAssembly;
    let count = 0;
    WebAssembly.Instance = function (...args) { if (count++ > 0) throw new Error("one only"); return new Instance(...args); };`,
    /^GradusError: threads: .*one only/,
  ],
};

/**
 * Where workers are refused, `threads` must say why, and one thread goes on.
 *
 * @param some names of {@link WORKERS}; without it all.
 */
export async function expectOneThreadWhereRefused(
  some: readonly string[] = Object.keys(WORKERS),
): Promise<void> {
  await withHosts(async (run) => {
    const digest = value(await run("", uses), "train");
    await Promise.all(
      some.map(async (name) => {
        const [change, message] = WORKERS[name];
        const told = await run(change, uses);
        const { error } = told.outcomes.threads as { error?: string };
        expect(error, name).toMatch(message);
        expect([name, value(told, "train"), value(told, "again")]).toEqual([name, digest, digest]);
        expect([name, value(told, "supported"), value(told, "end")]).toEqual([name, true, 1]);
      }),
    );
  });
}
