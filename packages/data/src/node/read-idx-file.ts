/// <reference types="node" />
import { isGzip } from "@gradus/core/text";
import { checkIdx, type IdxArray, limitOf, loadIdxAs } from "../idx.ts";
import { readChecked } from "./checked-file.ts";

/**
 * Reads an IDX file from disk, plain or gzipped. 8-bit numbers stay in the one buffer the file was read into. A plain
 * file whose length is not what its header promises is refused before it is read.
 *
 * @param path of the file.
 * @param options `limit`: the most bytes a gzip file may unpack to, 1 GiB by default.
 * @throws FormatError, with the path, for whatever `loadIdx` refuses and for what is not a file, such as a pipe; Node's
 * own error if the file cannot be read.
 * @example
 * const { shape, data } = await readIdxFile("fashion/train-images-idx3-ubyte.gz"); // shape [60000, 28, 28]
 */
export async function readIdxFile(
  path: string,
  options: { readonly limit?: number } = {},
): Promise<IdxArray> {
  const who = `readIdxFile(${JSON.stringify(path)})`;
  const limit = limitOf(options, who);
  const check = (start: Uint8Array, length: number): void => {
    if (!isGzip(start)) checkIdx(start, length, who);
  };
  return loadIdxAs(await readChecked(path, check, who), limit, who);
}
