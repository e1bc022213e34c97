import fc from "fast-check";

// Properties are tried on the same examples in every run; FUZZ_SEED=… tries others.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20261121) });

// NO_SIMD=1: as on an engine without WebAssembly SIMD. Everything must pass on the plain loops too.
if (process.env.NO_SIMD) Object.assign(Reflect.get(globalThis, "WebAssembly"), { validate: () => false });
