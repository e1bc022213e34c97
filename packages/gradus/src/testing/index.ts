// Checks of gradients and of ops.

export * from "@gradus/core/testing";
