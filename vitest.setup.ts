import fc from "fast-check";

// Properties are tried on the same examples in every run; FUZZ_SEED=… tries others.
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 20261121) });
