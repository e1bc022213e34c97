/// <reference types="node" />
import { readFile } from "node:fs/promises";
import { type IdxArray, loadIdxAs } from "../idx.ts";

/**
 * Reads an IDX file from disk, plain or gzipped. 8-bit numbers stay in the one buffer the file was read into.
 *
 * @param path of the file.
 * @param options `limit`: the most bytes a gzip file may unpack to, 1 GiB by default.
 * @throws FormatError, with the path, for whatever `loadIdx` refuses; Node's own error if the file cannot be
 * read.
 * @example
 * const { shape, data } = await readIdxFile("fashion/train-images-idx3-ubyte.gz"); // shape [60000, 28, 28]
 */
export async function readIdxFile(
  path: string,
  options: { readonly limit?: number } = {},
): Promise<IdxArray> {
  return loadIdxAs(await readFile(path), options, `readIdxFile(${JSON.stringify(path)})`);
}
