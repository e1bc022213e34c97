import { plainProduct, useProduct } from "@gradus/core";
import { simdSupported, useSimd } from "../src/index.ts";

/** The plain loops; the same with the blocked product; SIMD kernels. */
export type Way = "plain" | "blocked" | "simd";

/** All that this host has. */
export const WAYS: readonly Way[] = ["plain", "blocked", ...(simdSupported() ? (["simd"] as const) : [])];

/** Turns a way of computing on. @returns what brings back the one before. */
export function useWay(way: Way): () => void {
  const before = useSimd(way === "simd");
  if (way === "plain") useProduct(plainProduct);
  return () => void useSimd(before);
}

/** Runs a function in a way of computing. */
export function inWay<T>(way: Way, run: () => T): T {
  const back = useWay(way);
  try {
    return run();
  } finally {
    back();
  }
}
