import { createContext, runInContext } from "node:vm";
import { plainProduct, useProduct } from "@gradus/core";
import { useSimd } from "@gradus/engine";
import { expect, test } from "vitest";
import { bundle } from "./bundle.ts";
import { readDigits } from "./digits.ts";
import { job, jobInAllWays } from "./job.ts";

const digits = await readDigits(200);
const short = { steps: 3, layerSteps: 1 };
const expected = job(digits, short);

test("all parts of the job give the same bits when they are run again, with the plainest loops, and in every other way", async () => {
  expect(job(digits, short)).toEqual(expected);
  const before = useSimd(false);
  useProduct(plainProduct);
  try {
    expect(job(digits, short)).toEqual(expected);
  } finally {
    useSimd(before);
  }
  for (const [way, result] of Object.entries(await jobInAllWays(digits, short))) {
    expect(result, way).toEqual(expected);
  }
});

test("the bundled script gives these bits too, in a realm with only the language", async () => {
  const realm = createContext({ bytes: JSON.stringify([...digits]) });
  runInContext(await bundle(), realm);
  const result = runInContext(
    `JSON.stringify(gradusJob(Uint8Array.from(JSON.parse(bytes)), ${JSON.stringify(short)}))`,
    realm,
  );
  expect(JSON.parse(result)).toEqual(expected);
});
