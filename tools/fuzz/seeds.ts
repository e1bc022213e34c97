/** Small good files, to be broken; and a zip bomb. */
import { backward, createRng, tensor } from "@gradus/core";
import { readSafetensors, writeSafetensors } from "@gradus/io";
import { Dense, namedParameters } from "@gradus/nn";
import { Adam, Plateau } from "@gradus/optim";
import { History, type Parts, saveCheckpoint } from "@gradus/train";
import { gzip, idxFile } from "../../packages/data/test/files.ts";

const text = (...lines: readonly string[]): Uint8Array => new TextEncoder().encode(lines.join("\n"));

export const idx: readonly Uint8Array[] = [
  idxFile("u8", [3, 2, 2], [0, 1, 2, 3, 50, 100, 150, 200, 252, 253, 254, 255]),
  idxFile("u8", [10], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]),
  idxFile("i16", [2, 3], [-32768, -1, 0, 1, 2, 32767]),
  idxFile("f32", [1, 2, 1, 2], [0.5, -0.25, 1e30, 0]),
  idxFile("f64", [3], [Math.PI, -0, Number.MAX_VALUE]),
];

export const packed: readonly Uint8Array[] = [
  gzip(idx[0]),
  gzip(text("the quick brown fox jumps over the lazy dog. ".repeat(20))),
  gzip(Uint8Array.from({ length: 3000 }, (_, i) => (i * i) >>> 3)),
  gzip(new Uint8Array(1_000_000)), // more than is asked for
  gzip(new Uint8Array(0)),
];

export const csv: readonly Uint8Array[] = [
  text("x,y,kind", "1,2.5,a", "-3e2,.5,b", "0,+7.,a", ""),
  text('"a ""b""","c\r\nd"', "1,2", '"3"," 4 "'),
  text("\uFEFF__proto__,constructor,kind", "1,2,ä", "3,4,日本", ""),
  text(
    Array.from({ length: 60 }, (_, i) => `column${i}`).join(),
    Array.from({ length: 60 }, (_, i) => i).join(),
  ),
  text("kind", '"a', 'line"', "", ""),
];

export const safetensors: readonly Uint8Array[] = [
  writeSafetensors([
    [
      "layers.0.weight",
      tensor([
        [1, -2, 0.5],
        [3, 4, -0],
      ]),
    ],
    ["layers.0.bias", tensor([Number.NaN, Infinity, 1e-310])],
  ]),
  writeSafetensors([["x", tensor([1, 2, 3, 4])]], {
    dtype: "F32",
    metadata: [
      ["epoch", "12"],
      ["", "ä"],
    ],
  }),
  writeSafetensors([
    ["step", tensor(7)],
    ["nothing", tensor([])],
    ["10", tensor([[5]])],
  ]),
];

/** Headers of safetensors files, for 64 bytes of data. */
export const safetensorsHeaders: readonly Uint8Array[] = [
  text(
    '{"x":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]},"y":{"dtype":"I32","shape":[4],"data_offsets":[48,64]}}',
  ),
  text('{"__metadata__":{"epoch":"12"},"x":{"dtype":"U8","shape":[8,8],"data_offsets":[0,64]}}  '),
  text(
    '{"a":{"dtype":"BOOL","shape":[64],"data_offsets":[0,64]},"b":{"dtype":"F16","shape":[0],"data_offsets":[64,64]}}',
  ),
  text(
    '{"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]},"\\u00e4\\n":{"dtype":"BF16","shape":[28],"data_offsets":[8,64]}}',
  ),
];

/** The parts of a training: a net, an optimizer, a schedule and a stream. */
export function trainingParts(seed: string): Parts {
  const rng = createRng(seed);
  const net = new Dense(3, 2, { rng });
  const optimizer = new Adam(namedParameters(net));
  optimizer.step(
    backward(
      net
        .forward(rng.normal([4, 3]))
        .square()
        .mean(),
    ),
  );
  return {
    net,
    optimizer,
    plateau: new Plateau(0.1),
    rng,
    history: new History({ epochs: [{ epoch: 1, loss: Number.NaN, learningRate: 0.1, seconds: -0 }] }),
  };
}

export const checkpoint: Uint8Array = saveCheckpoint(trainingParts("seed"));

/** The JSON of its state. */
export const checkpointState: Uint8Array = text(readSafetensors(checkpoint).metadata.get("state") ?? "");

/** The checkpoint with another state. */
export function checkpointWith(state: Uint8Array): Uint8Array {
  const file = readSafetensors(checkpoint);
  return writeSafetensors(
    file.names.map((name) => [name, file.tensor(name)]),
    { metadata: new Map(file.metadata).set("state", new TextDecoder().decode(state)), digest: true },
  );
}
