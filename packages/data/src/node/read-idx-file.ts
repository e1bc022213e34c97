import { check, noMore, ranges } from "@gradus/core";
/// <reference types="node" />
import { isGzip } from "@gradus/core/text";
import { checkIdx, type IdxArray, limitOf, loadIdxAs } from "../idx.ts";
import { readChecked } from "./checked-file.ts";

/**
 * Reads an IDX file from disk, plain or gzipped. 8-bit numbers are a view of the buffer that the file was read into. The
 * length of a plain file is compared with its header before the file is read.
 *
 * @param path of the file.
 * @throws FormatError, with the path, as `loadIdx`, and for a path that is no file, such as a pipe; StorageError if the
 * file cannot be read; ArgumentError for a path that is no text.
 * @example
 * const { shape, data } = await readIdxFile("fashion/train-images-idx3-ubyte.gz"); // shape [60000, 28, 28]
 */
export async function readIdxFile(
  path: string,
  options: {
    /** The most bytes a gzip file may unpack to. Default 1 GiB. */
    readonly limit?: number;
  } = {},
  ...extra: readonly undefined[]
): Promise<IdxArray> {
  noMore("readIdxFile", "path, options", extra);
  check("readIdxFile", "path", path, ranges.text);
  const who = `readIdxFile(${JSON.stringify(path)})`;
  const limit = limitOf(options, who);
  const checkStart = (start: Uint8Array, length: number): void => {
    if (!isGzip(start)) checkIdx(start, length, who);
  };
  return loadIdxAs(await readChecked(path, checkStart, who), limit, who);
}
