import { noMore } from "@gradus/core";
/// <reference types="node" />
import { isGzip } from "@gradus/core/text";
import { checkIdx, type IdxArray, limitOf, loadIdxAs } from "../idx.ts";
import { readChecked } from "./checked-file.ts";

/**
 * Reads an IDX file from disk, plain or gzipped. 8-bit numbers are a view of the buffer that the file was read into. The
 * length of a plain file is compared with its header before the file is read.
 *
 * @param path of the file.
 * @param options `limit`: the most bytes a gzip file may unpack to. Default 1 GiB.
 * @throws FormatError, with the path, as `loadIdx`, and for a path that is no file, such as a pipe; Node's error if the
 * file cannot be read.
 * @example
 * const { shape, data } = await readIdxFile("fashion/train-images-idx3-ubyte.gz"); // shape [60000, 28, 28]
 */
export async function readIdxFile(
  path: string,
  options: { readonly limit?: number } = {},
  ...extra: readonly undefined[]
): Promise<IdxArray> {
  noMore("readIdxFile", "path, options", extra);
  const who = `readIdxFile(${JSON.stringify(path)})`;
  const limit = limitOf(options, who);
  const check = (start: Uint8Array, length: number): void => {
    if (!isGzip(start)) checkIdx(start, length, who);
  };
  return loadIdxAs(await readChecked(path, check, who), limit, who);
}
