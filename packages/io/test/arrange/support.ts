import { createRng, type Tensor, tensor } from "@gradus/core";
import { Dense, type Sequential } from "@gradus/nn";
import { writeSafetensors } from "../../src/index.ts";

export const rng = createRng(1);

export const dense = (): Dense => new Dense(2, 2, { rng });

// biome-ignore format: a matrix
export const square = tensor([[1, 2], [3, 4]]);

export const bias = tensor([0, 0]);

/** A file as `safetensors.torch.save_file(tensors, path, metadata={"format": "pt"})` writes it. */
export const torchFile = (tensors: Record<string, Tensor>, format = "pt"): Uint8Array =>
  writeSafetensors(Object.entries(tensors), { dtype: "F32", metadata: [["format", format]] });

/** The output of a linear layer for [0, 1]. */
export const output = (net: Dense | Sequential): number[] => [...net.forward(tensor([[0, 1]])).data];
