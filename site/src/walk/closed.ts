/** What a program on the page cannot use, and the messages that say so. */

const network = "a program on this page has no access to the network";
const alone = "a program on this page runs by itself, in a worker";
const stored = "a program on this page has no access to stored data";

/** Globals of a worker that lead out of it. The policy of the frame forbids them too; here they get a message at their line. */
const outward: Readonly<Record<string, string>> = {
  fetch: network,
  XMLHttpRequest: network,
  WebSocket: network,
  WebSocketStream: network,
  WebTransport: network,
  EventSource: network,
  importScripts: `${network}; import from gradus`,
  Worker: alone,
  SharedWorker: alone,
  BroadcastChannel: alone,
  postMessage: `${alone}; console.log writes below it`,
  close: `${alone}; it ends at its last line`,
  indexedDB: stored,
  caches: stored,
};

/** Names that programs expect of a page or of Node. */
const elsewhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["document", "window", "alert", "confirm", "prompt", "parent", "top", "frames"].map((name) => [
      name,
      `${alone}, without a page; console.log writes below it`,
    ]),
  ),
  ...Object.fromEntries(["localStorage", "sessionStorage"].map((name) => [name, stored])),
  ...Object.fromEntries(
    ["process", "Buffer", "global", "setImmediate", "module", "__dirname", "__filename"].map((name) => [
      name,
      "a program on this page runs in the browser, without Node",
    ]),
  ),
};

/** Takes the ways out of a worker. Each use of them throws an error that says why. */
export function closeWaysOut(scope: object): void {
  for (const [name, why] of Object.entries(outward)) {
    const refuse = (): never => {
      throw new Error(`${name} is not here: ${why}`);
    };
    const value = new Proxy(class {}, { apply: refuse, construct: refuse, get: refuse });
    Object.defineProperty(scope, name, { value, writable: true, configurable: true });
  }
}

/** The message of an error; one about a name that is missing here says why. */
export function explained(message: string): string {
  const name = /^(?:Can't find variable: )?([\w$]+)(?: is not defined)?$/.exec(message)?.[1] ?? "";
  return Object.hasOwn(elsewhere, name) ? `${name} is not here: ${elsewhere[name]}` : message;
}
