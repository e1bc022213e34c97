// All names of the packages, each once. Importing the engine turns it on: fast matrix products, the same bits.

export * from "@gradus/core";
export * from "@gradus/data";
export * from "@gradus/engine";
export * from "@gradus/io";
export * from "@gradus/nn";
export * from "@gradus/optim";
export * from "@gradus/snn";
export * from "@gradus/train";
