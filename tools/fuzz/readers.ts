import { createHash } from "node:crypto";
import { sizeOf } from "@gradus/core";
import { gunzip, type IdxArray, loadIdx, readCsv, readIdx } from "@gradus/data";
import { readSafetensors } from "@gradus/io";
import { loadCheckpoint, saveCheckpoint } from "@gradus/train";
import { gzip } from "../../packages/data/test/files.ts";
import * as seeds from "./seeds.ts";

/** A reader of files, and good files for it. */
export interface Reader {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  /** Reads the whole file: returns a value or throws a GradusError. Any other error is a fault. */
  read(bytes: Uint8Array): unknown;
}

/** All readers. A new one is an entry here, and its good files are one in seeds.ts. */
export const readers: readonly Reader[] = [
  { name: "idx", seeds: seeds.idx, read: (bytes) => checkSize(readIdx(bytes)) },
  { name: "gzip", seeds: seeds.packed, read: (bytes) => gunzip(bytes, { limit: 65_536 }) },
  // Broken first and then packed: otherwise the checksum of gzip would refuse it.
  { name: "idx.gz", seeds: seeds.idx, read: async (bytes) => checkSize(await loadIdx(gzip(bytes))) },
  { name: "csv", seeds: seeds.csv, read: readTable },
  { name: "safetensors", seeds: seeds.safetensors, read: readTensors },
  // Broken first; then the right length is put in front.
  {
    name: "safetensors-header",
    seeds: seeds.safetensorsHeaders,
    read: (bytes) => readTensors(withLength(bytes)),
  },
  // Broken first; then the digest is made right: otherwise it would refuse nearly all.
  { name: "checkpoint", seeds: [seeds.checkpoint], read: (bytes) => readCheckpoint(withDigest(bytes)) },
  // Broken in the JSON of its state only.
  {
    name: "checkpoint-state",
    seeds: [seeds.checkpointState],
    read: (state) => readCheckpoint(seeds.checkpointWith(state)),
  },
];

/** The parts that a checkpoint is loaded into. */
const target = seeds.trainingParts("target");

/** If a checkpoint is refused, no part may have changed. */
function readCheckpoint(bytes: Uint8Array): void {
  const before = saveCheckpoint(target);
  try {
    loadCheckpoint(target, bytes);
  } catch (error) {
    const after = saveCheckpoint(target);
    if (after.some((byte, i) => byte !== before[i]))
      throw new Error("refused, and yet something was changed", { cause: error });
    throw error;
  }
}

/** An IDX array must have as many numbers as its shape says. */
function checkSize({ shape, data }: IdxArray): void {
  if (sizeOf(shape) !== data.length) throw new Error(`shape [${shape}], but ${data.length} numbers`);
}

/** As text in UTF-8; the column `kind`, if there is one, holds classes. */
function readTable(bytes: Uint8Array): void {
  const text = new TextDecoder().decode(bytes);
  const kinds = { categories: { kind: "sorted" } } as const;
  const { columns, size } = readCsv(text, /^\uFEFF?(?:\w+,)*kind(?:,|\n)/.test(text) ? kinds : {});
  for (const [name, { length }] of columns) {
    if (length !== size) throw new Error(`${size} rows, but ${length} numbers in column ${name}`);
  }
}

function readTensors(bytes: Uint8Array): void {
  const file = readSafetensors(bytes);
  for (const name of file.names) {
    const { shape, data } = file.tensor(name);
    if (sizeOf(shape) !== data.length)
      throw new Error(`${name}: shape [${shape}], but ${data.length} numbers`);
  }
}

/** A safetensors file of this header and 64 bytes of data. */
function withLength(header: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + header.length + 64);
  new DataView(out.buffer).setUint32(0, header.length, true);
  out.set(header, 8);
  return out;
}

/** The file with the right digest, if it still has a place for one. */
function withDigest(bytes: Uint8Array): Uint8Array {
  const file = Buffer.from(bytes);
  const found = /"gradus\.sha256":"(?=.{64}")/s.exec(file.toString("latin1"));
  if (!found) return file;
  const at = found.index + found[0].length;
  file.write("0".repeat(64), at, "latin1");
  file.write(createHash("sha256").update(file).digest("hex"), at, "latin1");
  return file;
}
