import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { checkBytes } from "../src/bytes.ts";

test("K15: bytes are told by their kind, which does not depend on the realm that made it", () => {
  for (const make of [
    (code: string): unknown => runInNewContext(code),
    (code: string): unknown => new Function(`return ${code}`)(),
  ]) {
    expect(() => checkBytes(make("new Uint8Array(1)"), "readIdx")).not.toThrow();
    expect(() => checkBytes(make("new ArrayBuffer(1)"), "readIdx")).toThrow(
      "readIdx: needs the bytes as a Uint8Array, got ArrayBuffer. Wrap it: new Uint8Array(buffer)",
    );
  }
});
