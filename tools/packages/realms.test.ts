import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { Parameter } from "@gradus/core";
import { Dataset } from "@gradus/data";
import { compile } from "@gradus/engine";
import { loadWeights, saveWeights } from "@gradus/io";
import { namedParameters } from "@gradus/nn";
import { describe, expect, test } from "vitest";

// `instanceof` is false for objects of another window, worker or `vm` context, such as all of them in a test of Jest.

const packages = fileURLToPath(new URL("../../packages", import.meta.url));
const BUILT_IN =
  /instanceof (\w*Array\b|\w*ArrayBuffer|DataView|Map|Set|Date|Promise|RegExp|Error|RangeError|TypeError)\b/;
/** Errors that JavaScript itself throws are of the realm of gradus; `assign` copies a Float64Array of another one first. */
const ALLOWED = ["engine/src/wasm/wasm.ts", "core/src/tensor.ts"];

test("K15: no source tells built-in objects by instanceof", () => {
  const files = readdirSync(packages, { recursive: true, encoding: "utf8" }).filter(
    (file) => /^\w+\/src\/.*\.ts$/.test(file) && !ALLOWED.includes(file),
  );
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) =>
    readFileSync(`${packages}/${file}`, "utf8")
      .split("\n")
      .filter((line) => BUILT_IN.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(found).toEqual([]);
});

describe("K15: objects of another realm count like one's own", () => {
  const foreign = (code: string): never => runInNewContext(`(${code})`) as never;
  const two = { inputs: foreign("new Float64Array([1, 2])"), inputShape: [1], targets: [0, 1] };

  test("K15: numbers that are not finite are found", () => {
    for (const type of ["Float64Array", "Float32Array"]) {
      const inputs = foreign(`new ${type}([1, NaN])`);
      expect(() => new Dataset({ ...two, inputs })).toThrow("Dataset: inputs: sample 1 is NaN");
    }
  });

  test("K15: rows, batches and bytes", () => {
    expect(new Dataset({ ...two, rows: foreign("new Uint32Array([1])") }).size).toBe(1);
    const net = { weight: new Parameter([1, 2]) };
    const copy = Array.from(saveWeights(net));
    net.weight.assign([0, 0]);
    loadWeights(net, foreign(`new Uint8Array([${copy}])`));
    expect(net.weight.toArray()).toEqual([1, 2]);
  });

  test("K15: the parameters in Maps and Sets", () => {
    const add = (container: { set?: unknown; add?: unknown }): unknown => {
      const parameter = new Parameter([1]);
      if (container instanceof Object) throw new Error("this realm's");
      return "set" in container
        ? (container as Map<string, Parameter>).set("a", parameter)
        : (container as Set<Parameter>).add(parameter);
    };
    expect(namedParameters({ map: add(foreign("new Map()")) }).map(([name]) => name)).toEqual(["map.a"]);
    expect(namedParameters({ set: add(foreign("new Set()")) }).map(([name]) => name)).toEqual(["set.0"]);
  });

  test("K15: a promise", () => {
    const promised = compile(() => foreign("Promise.resolve()"));
    expect(() => promised()).toThrow("must not be async");
  });
});
