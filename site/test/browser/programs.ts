/** Programs of visitors: mistakes get a message at their line, nothing leaves the frame, the page lives on. */

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import type { Page } from "./driver.ts";
import { openLive, runProgram, textOf } from "./live.ts";
import { type BrowserTest, check, until } from "./test.ts";

/** A program and what the page says of it. */
type Case = readonly [source: string, message: RegExp];

/** Runs a program and returns what the page says: the message of a mistake, or "". */
async function outcome(page: Page, source: string): Promise<string> {
  await runProgram(page, source);
  await until(page, () => {
    const status = document.querySelector(".own [role=status]")?.textContent ?? "";
    return (
      !status.includes("It runs") && document.querySelector(".own button:disabled")?.textContent === "Stop"
    );
  });
  return textOf(page, ".own .error");
}

async function checkCases(page: Page, cases: readonly Case[]): Promise<void> {
  for (const [source, message] of cases) {
    let said = await outcome(page, source);
    if (said === "" && !message.test("")) {
      // of a timer or a promise
      await until(page, () => document.querySelector(".own .error") !== null).catch(() => {});
      said = await textOf(page, ".own .error");
    }
    check(message.test(said), `${source}: ${said}`);
  }
}

async function checkAlive(page: Page): Promise<void> {
  const said = await outcome(page, 'import { tensor } from "gradus";\nconst alive = tensor(1).add(1);');
  check(said === "", said);
  await until(page, () => document.querySelector(".tape")?.textContent?.includes("alive") === true);
}

const one = 'import { tensor } from "gradus";\nconst x = tensor(1).add(1);\n';

/** Text that is no program. */
const unparsed: readonly Case[] = [
  ['import { tensor } from "gradus";\nconst x = tensor([1, 2);', /^Line 2: /],
  ["const a: number = 1;\nconst b: = 2;", /^Line 2: /],
  ["type A = { b: number };\ninterface B {\n  c: string;\n  d(\n}", /^Line 5: /],
  ["function f(a: number {\n  return a;\n}", /^Line 1: /],
  ["// one\nconst a = 1;\nlet b: string = 'x;\nlet c = 2;", /^Line 3: /],
  ["const a = 1;\n\nconst a = 2;", /^Line 3: .*\ba\b/],
  ["const a = 1;\nawait a;", /^Line 2: /],
  ["let x = 1;\n\n\nif (x) {", /^Line 4: /],
  ["const enough = 1;\nbreak;", /^Line 2: /],
];

/** What throws, or uses what is not there. */
const failing: readonly Case[] = [
  [
    'import { tensor } from "gradus";\n\ntensor([1, 2]).matmul(tensor([1, 2, 3]));',
    /^Line 3: matmul\(\[2\], \[3\]\): /,
  ],
  ['import { readFile } from "fs";\nreadFile("x");', /there is no "fs" on this page; import from gradus/],
  ['import { tensors } from "gradus";\n\ntensors(1);', /^Line 3: "gradus" has no tensors/],
  ['import gradus from "gradus";\ngradus.tensor(1);', /^Line 2: "gradus" has no default export/],
  ["1 + 1;", /runs no op/],
  [`${one}throw "a text";`, /it threw "a text"/],
  [`${one}throw null;`, /it threw null/],
  [`${one}throw undefined;`, /it threw undefined/],
  [`${one}throw { get message() { throw 1; }, toString() { throw 2; } };`, /it threw /],
  [`${one}throw { message: {}, line: {}, stack: 5 };`, /it threw /],
  [`${one}throw new Proxy({}, {});`, /it threw /],
  [
    `${one}throw new Proxy(new Error("x"), { get() { throw 1; }, getPrototypeOf() { throw 2; } });`,
    /it threw /,
  ],
  [
    `${one}const { proxy, revoke } = Proxy.revocable({}, {});\nrevoke();\nthrow proxy;`,
    /it threw an error that cannot be shown/,
  ],
  [`${one}throw new Proxy(() => 1, { apply() { throw 1; } });`, /it threw /],
  [`${one}throw Symbol("s");`, /it threw Symbol\(s\)/],
  [`${one}throw 1n;`, /it threw 1n?$/],
  [`${one}throw Object.create(null);`, /it threw /],
  [`${one}throw new Error();`, /^Line 3: Error/],
  [`${one}throw Object.defineProperty(new Error("y"), "stack", { get() { throw 1; } });`, /./],
  [
    `${one}const odd = new Error("z");\nodd.stack = { toString: () => { throw 1; } } as never;\nthrow odd;`,
    /./,
  ],
  [`${one}\nconst f = (): never => f();\nf();`, /^Line 4: /],
  [`${one}document.title = "x";`, /^Line 3: document is not here: .*console\.log/],
  [`${one}window.alert(1);`, /^Line 3: window is not here/],
  [`${one}alert(1);`, /^Line 3: alert is not here/],
  [`${one}console.log(process.argv);`, /^Line 3: process is not here: .*without Node/],
  [`${one}localStorage.clear();`, /^Line 3: localStorage is not here/],
  [`${one}eval("nope()");`, /^Line 3: nope is not defined/],
  [
    'import { tensor, variable } from "gradus";\nlet x = variable(tensor(1));\nfor (let i = 0; i < 1e5; i++) x = x.add(1);',
    /watch: there are more than 20000 events/,
  ],
];

/** What goes wrong after the last line. */
const late: readonly Case[] = [
  [`${one}Promise.reject(new Error("too late"));`, /^Line 3: too late/],
  [`${one}setTimeout(() => {\n  throw new Error("ring");\n}, 50);`, /^Line 4: ring/],
  [
    `${one}const f = async () => {\n  await null;\n  tensor([1]).reshape({ shape: [2] });\n};\nf();`,
    /^Line 5: reshape/,
  ],
  [`${one}import("fs").then(() => 1);`, /there is no "fs" on this page/],
  [`${one}setTimeout(() => { throw null; });`, /null/],
];

/** Ways out, and things that change the worker. `PORT` is that of a server that counts who connects. */
const escapes: readonly Case[] = [
  [`${one}fetch("http://127.0.0.1:PORT/");`, /^Line 3: fetch is not here/],
  [`${one}(0, eval)('import("http://127.0.0.1:PORT/x.js")');`, /./],
  [`${one}new Function('return import("http://127.0.0.1:PORT/x.js")')();`, /./],
  [`${one}delete self.fetch;\nconsole.log(typeof self.fetch);`, /^$/],
  [`${one}self.onmessage = () => 1;\nself.postMessage = () => 2;\nself.onerror = () => true;`, /^$/],
  [
    `${one}addEventListener("unhandledrejection", (event) => event.stopImmediatePropagation());\nPromise.reject(new Error("heard"));`,
    /^Line 4: heard/,
  ],
  [`${one}MessagePort.prototype.postMessage = () => { throw 1; };\nJSON.stringify = () => "{}";`, /^$/],
  [`${one}Object.prototype.toJSON = () => ({ constructor: undefined, type: "img" });`, /cannot be shown/],
  [`${one}Array.prototype.map = () => [];`, /./],
];

/** Uses of the ways out of a worker, by the global that is refused. */
const uses: Readonly<Record<string, string>> = {
  WebSocket: 'new WebSocket("ws://127.0.0.1:PORT/")',
  EventSource: 'new EventSource("http://127.0.0.1:PORT/")',
  XMLHttpRequest: "new XMLHttpRequest()",
  WebTransport: 'new WebTransport("https://127.0.0.1:PORT/")',
  importScripts: 'importScripts("http://127.0.0.1:PORT/x.js")',
  Worker: 'new Worker("data:text/javascript,1")',
  SharedWorker: 'new SharedWorker("data:text/javascript,1")',
  BroadcastChannel: 'new BroadcastChannel("x")',
  indexedDB: 'indexedDB.open("x")',
  caches: 'caches.open("x")',
  postMessage: 'postMessage({ kind: "ran", recorded: {} })',
  close: "self.close()",
};

/** What would fill memory or time. */
const greedy: readonly Case[] = [
  ['import { zeros } from "gradus";\n\nzeros([1e6, 1e6]);', /^Line 3: /],
  ['import { zeros } from "gradus";\n\nconst x = zeros([3000, 1000]).add(1);', /^$/],
  ["const all: number[] = [];\nnew Array(-1);", /^Line 2: /],
  ["let text = 'x';\nfor (;;) text += text;", /^Line 2: /],
  // It fills memory until the engine refuses, or five seconds are over.
  [
    "const all: number[][] = [];\nfor (;;) all.push(new Array(1e5).fill(1.5));",
    /^Line 2: |did not end|memory/,
  ],
];

export const programTests: readonly BrowserTest[] = [
  ...(
    [
      ["text that does not parse: a message at its line", unparsed],
      ["programs that throw, or ask for what is not there: a message at its line", failing],
      ["timers and promises that fail later: a message at its line", late],
      ["programs that do not end or take much memory are stopped", greedy],
    ] as const
  ).map(
    ([name, cases]): BrowserTest => ({
      name,
      expected: /too late|ring|do not fit shape|there is no "fs"|null/, // Firefox tells them beside the page
      async test(page, { address }) {
        await openLive(page, `${address}walk/#ex=own`);
        await checkCases(page, cases);
        await checkAlive(page);
      },
    }),
  ),
  {
    name: "no program leaves its frame, or hurts the page or the next program",
    // The policy says what it forbids; Firefox also tells the errors that the program kept to itself.
    expected: /Content.Security.Policy|violates the following|blocked|dynamically imported module|heard/,
    async test(page, { address }) {
      let connections = 0;
      const server = createServer((socket) => {
        connections++;
        socket.destroy();
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const port = String((server.address() as AddressInfo).port);
      try {
        await openLive(page, `${address}walk/#ex=own`);
        await checkCases(
          page,
          escapes.map(([source, message]) => [source.replaceAll("PORT", port), message]),
        );
        const tries = Object.values(uses).map(
          (use) => `try { ${use}; } catch (error) { console.log(error.message); }`,
        );
        check(
          (await outcome(page, (one + tries.join("\n")).replaceAll("PORT", port))) === "",
          "all are refused",
        );
        const refused = (await textOf(page, ".own .console"))
          .split("\n")
          .map((line) => line.replace(/ is not here: .*/, ""));
        check(refused.join() === Object.keys(uses).join(), refused.join());
        await checkAlive(page);
        check(connections === 0, `${connections} connections were made`);
      } finally {
        server.close();
      }
    },
  },
  {
    name: "a program that writes without end leaves the page usable, and the button Stop ends it",
    async test(page, { address }) {
      await openLive(page, `${address}walk/#ex=own`);
      await runProgram(page, "for (let i = 0; ; i++) console.log(i);");
      await until(
        page,
        () => document.querySelector(".own .console")?.textContent?.includes("are left out") === true,
      );
      await page.click(".own button[type=button]");
      await until(page, () => document.querySelector(".own .error")?.textContent === "stopped");
      await checkAlive(page);
    },
  },
  {
    name: "console.log is shown under the program, also of a program that throws and of its timers",
    async test(page, { address }) {
      await openLive(page, `${address}walk/#ex=own`);
      const source = `${one}console.log("x is", x, [1, "a"], { b: null });\nsetTimeout(() => console.log("later"), 30);`;
      check((await outcome(page, source)) === "", "it runs");
      await until(
        page,
        () => document.querySelector(".own .console")?.textContent?.includes("later") === true,
      );
      const lines = await textOf(page, ".own .console");
      check(/^x is .*2.* \[1, "a"\] \{ b: null \}\nlater$/.test(lines), lines);
      check(
        (await outcome(page, `console.log("before");\nthrow new Error("no");`)).startsWith("Line 2: no"),
        "error",
      );
      check((await textOf(page, ".own .console")) === "before", await textOf(page, ".own .console"));
    },
  },
];
